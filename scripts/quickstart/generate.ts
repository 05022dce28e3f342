/**
 * `node scripts/quickstart/generate.ts [--out DIR] [--check]`: writes the quickstart workspace, or checks that the files
 * there are the ones it would write. The experiment file is written only where there is none: it is tuned by hand.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { experimentText, workspaceFiles } from "./workspaceFiles.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: fileURLToPath(new URL("../../examples/quickstart", import.meta.url)) },
    check: { type: "boolean", default: false },
  },
});
const dir = values.out;

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const files = workspaceFiles();
if (values.check) {
  const differing = [...files].filter(([name, content]) => {
    const path = join(dir, name);
    return !existsSync(path) || readFileSync(path, "utf8") !== content;
  });
  for (const [name] of differing)
    console.error(`${name} is not what the generator writes; run generate.ts and commit the result.`);
  process.exitCode = differing.length > 0 ? 1 : 0;
} else {
  for (const [name, content] of files) write(join(dir, name), content);
  const experiment = join(dir, "experiment.json");
  if (!existsSync(experiment)) write(experiment, experimentText);
  console.log(`${files.size} files written`);
}
