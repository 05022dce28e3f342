/** Packs what was built into an extension package for one target. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Contents, contentsOf, faultsOf, listing } from "./contents.ts";
import { thirdPartyNotices } from "./notices.ts";
import { nativeFiles, type Target, targetHere, withoutEngine } from "./targets.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

/** The extension's page in the editor: no picture of it may lie in the package. */
const page = "media/page.md";

/** Where a target's package lies once it is made. */
export function packageFile(target: Target): string {
  const { name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  return path.join(root, "dist", "vsix", `${name}-${version}-${target}.vsix`);
}

/**
 * The package that tests install: the one that `TOOLEXPANDER_VSIX` names, as where it was made on another machine, else that of this system.
 *
 * @throws Error where there is none
 */
export function packageToTest(environment: NodeJS.ProcessEnv = process.env): string {
  const target = targetHere();
  const named = environment.TOOLEXPANDER_VSIX;
  const file = named ? path.resolve(named) : target && packageFile(target);
  if (file === undefined) throw new Error("No extension is made for this system.");
  if (!existsSync(file)) throw new Error(`${file} is not there; npm run package makes it.`);
  return file;
}

/** Packs dist/ as it stands, and returns the package's path. @throws Error with what the packager complained of, or what is wrong with the package */
export async function packageExtension(target: Target): Promise<string> {
  await packedContents(target);
  return packageFile(target);
}

/** As packageExtension, and returns what is in it; the list of its files lies beside it. */
export async function packedContents(target: Target): Promise<Contents> {
  const file = packageFile(target);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(root, "dist", "THIRD_PARTY_NOTICES.txt"), await thirdPartyNotices());
  const temporary = mkdtempSync(path.join(tmpdir(), "toolexpander-package-"));
  const made = path.join(temporary, path.basename(file));
  try {
    const allowed = path.join(temporary, "vscodeignore");
    const common = readFileSync(path.join(root, ".vscodeignore"), "utf8");
    const natives = nativeFiles(target).map((name) => `!${name}`);
    writeFileSync(allowed, `${[common.trimEnd(), ...natives].join("\n")}\n`);
    const forTarget = target === withoutEngine ? [] : ["--target", target];
    await vsce("package", ...forTarget, "--out", made, "--ignoreFile", allowed, "--readme-path", page);
    const packed = readFileSync(made);
    const contents = contentsOf(packed);
    const faults = faultsOf(target, contents);
    // A package that is wrong is not left where somebody may publish it.
    if (faults.length > 0) throw new Error(`The package for ${target} is wrong:\n  ${faults.join("\n  ")}`);
    writeFileSync(file, packed);
    writeFileSync(file.replace(/\.vsix$/, ".contents.txt"), listing(contents));
    return contents;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function vsce(...args: string[]): Promise<void> {
  const program = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  try {
    await promisify(execFile)(process.execPath, [program, ...args, "--allow-missing-repository"], { cwd: root });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The extension could not be packaged:\n${stderr || stdout || (error as Error).message}`);
  }
}
