/**
 * Writes the generated files of an example, or checks that the files there are the ones it would write. The experiment file is written only
 * where there is none: it is tuned by hand.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { ExperimentFile } from "../../schemas/experiment.ts";

export interface Workspace {
  /** Folder among the examples that is written where the command line names none. */
  example: string;
  files: ReadonlyMap<string, string>;
  experiment: ExperimentFile;
}

/** Takes `--out DIR` and `--check` from the command line. */
export function writeWorkspace({ example, files, experiment }: Workspace): void {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: fileURLToPath(new URL(`../../examples/${example}`, import.meta.url)) },
      check: { type: "boolean", default: false },
    },
  });
  if (values.check) checkFiles(values.out, files);
  else {
    for (const [name, content] of files) write(join(values.out, name), content);
    const own = join(values.out, "experiment.json");
    if (!existsSync(own)) write(own, `${JSON.stringify(experiment, null, 2)}\n`);
    console.log(`${files.size} files written`);
  }
}

function checkFiles(dir: string, files: ReadonlyMap<string, string>): void {
  const differing = [...files].filter(([name, content]) => {
    const path = join(dir, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== content;
  });
  for (const [name] of differing)
    console.error(`${name} is not what the generator writes; run generate.ts and commit the result.`);
  process.exitCode = differing.length > 0 ? 1 : 0;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
