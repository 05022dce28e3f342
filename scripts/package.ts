/** Builds and packs the extension: a .vsix in dist/vsix for this machine, or for the targets that are named. */
import { statSync } from "node:fs";
import path from "node:path";
import { Argument, Command, Option } from "commander";
import { bundleAll } from "./bundle.ts";
import { isTarget, targetHere, targets } from "./packaging/targets.ts";
import { packageExtension } from "./packaging/vsix.ts";

const root = path.resolve(import.meta.dirname, "..");
const here = targetHere();

const program = new Command("package")
  .description("Packs the extension into dist/vsix.")
  .addArgument(new Argument("[target...]", "systems to pack for").choices(targets).default(here ? [here] : [], here))
  .addOption(new Option("--all", "pack for every system"))
  .parse();

const wanted = program.opts<{ all?: true }>().all ? targets : program.args.filter(isTarget);
const chosen = wanted.length > 0 ? wanted : here ? [here] : [];
if (chosen.length === 0) program.error(`No package is made for this system; name one of ${targets.join(", ")}.`);

const failed = await bundleAll(path.join(root, "dist"));
if (failed.length > 0) {
  console.error(`Build failed: ${failed.join(", ")}`);
  process.exitCode = 1;
} else {
  for (const target of chosen) {
    const file = await packageExtension(target);
    console.log(`${path.relative(root, file)}  ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  }
}
