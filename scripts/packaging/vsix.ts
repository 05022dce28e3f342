/** Packs what was built into an extension package for one target. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { thirdPartyNotices } from "./notices.ts";
import { allowedNatives, type Target } from "./targets.ts";

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

/** Packs dist/ as it stands, and returns the package's path. @throws Error with what the packager complained of */
export async function packageExtension(target: Target): Promise<string> {
  const file = packageFile(target);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(path.join(root, "dist", "THIRD_PARTY_NOTICES.txt"), await thirdPartyNotices());
  const temporary = mkdtempSync(path.join(tmpdir(), "toolexpander-package-"));
  try {
    const allowed = path.join(temporary, "vscodeignore");
    const common = readFileSync(path.join(root, ".vscodeignore"), "utf8");
    writeFileSync(allowed, `${[common.trimEnd(), ...allowedNatives(target)].join("\n")}\n`);
    await vsce("package", "--target", target, "--out", file, "--ignoreFile", allowed, "--readme-path", page);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return file;
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
