/** The programs as users have them, in a folder of their own, each with the trap in front of it where that is wanted. */
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { optionsFor } from "../../scripts/bundle.ts";
import { entries } from "../../scripts/entries.ts";
import { root } from "../sources.ts";

/** Those that the command line starts, and that they start. */
const PROGRAMS = entries.filter(({ inEditor, browser }) => !inEditor && !browser);

/** @returns path of the command line */
export async function programsIn(folder: string, trap: boolean): Promise<string> {
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  const first = `import ${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, "trap.ts")).href)};\n`;
  await Promise.all(
    PROGRAMS.map((entry) => {
      const options = optionsFor(entry, path.join(folder, "dist"));
      const banner = options.banner?.js ?? "";
      return build({ ...options, sourcemap: false, banner: { js: trap ? `${first}${banner}` : banner } });
    }),
  );
  return path.join(folder, "dist", "main.js");
}
