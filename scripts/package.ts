/** Builds and packs the extension: a .vsix in dist/vsix for this machine, or for the targets that are named. Any machine packs for all. */
import path from "node:path";
import { Argument, Command, Option } from "commander";
import { bundleAll } from "./bundle.ts";
import { bytesByFolder, type Contents, megabytes } from "./packaging/contents.ts";
import { isTarget, type Target, targetHere, targets } from "./packaging/targets.ts";
import { packageFile, packedContents } from "./packaging/vsix.ts";

const root = path.resolve(import.meta.dirname, "..");
const here = targetHere();

const program = new Command("package")
  .description(
    "Packs the extension into dist/vsix, with a list of its files beside it; refuses what is not as it should be.",
  )
  .addArgument(new Argument("[target...]", "systems to pack for").choices(targets).default(here ? [here] : [], here))
  .addOption(new Option("--all", "pack for every system, and without an engine for the others"))
  .parse();

const wanted = program.opts<{ all?: true }>().all ? targets : program.args.filter(isTarget);
const chosen = wanted.length > 0 ? wanted : here ? [here] : [];
if (chosen.length === 0) program.error(`No package is made for this system; name one of ${targets.join(", ")}.`);

function describe(target: Target, { bytes, files }: Contents): string {
  const file = path.relative(root, packageFile(target));
  return `${file}  ${megabytes(bytes)} in ${files.size} files`;
}

const failed = await bundleAll(path.join(root, "dist"));
if (failed.length > 0) {
  console.error(`Build failed: ${failed.join(", ")}`);
  process.exitCode = 1;
} else {
  for (const target of chosen) {
    try {
      const contents = await packedContents(target);
      console.log(describe(target, contents));
      for (const [folder, bytes] of bytesByFolder(contents)) console.log(`${megabytes(bytes).padStart(12)}  ${folder}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  }
}
