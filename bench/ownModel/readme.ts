/** The README's section on bringing a model, as something that can be carried out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExperimentFile } from "../../schemas/experiment.ts";
import { check } from "../../server/toolcalls/check.ts";
import { jsonOf } from "../../server/toolcalls/documents.ts";

const README = join(import.meta.dirname, "..", "..", "README.md");
const CLI = "node dist/cli.js ";

export interface OwnModelSection {
  experiment: ExperimentFile;
  /** Arguments of the command line, command by command. */
  commands: string[][];
}

/** @throws InputError where the section has no experiment, or one that is none */
export function ownModelSection(text: string = readFileSync(README, "utf8")): OwnModelSection {
  const section = /^## Bring your own model\n(.*?)^## /ms.exec(text)?.[1] ?? "";
  const blocks = [...section.matchAll(/(?:^ {4}.*\n)+/gm)].map(([block]) => block.replaceAll(/^ {4}/gm, ""));
  const json = blocks.find((block) => block.startsWith("{")) ?? "";
  const experiment = check<ExperimentFile>(ExperimentFile, jsonOf(json, README));
  const commands = blocks
    .flatMap((block) => block.split("\n"))
    .filter((line) => line.startsWith(CLI))
    .map((line) =>
      line
        .slice(CLI.length)
        .replace(/\s+#.*$/, "")
        .split(" "),
    );
  return { experiment, commands };
}
