/** Runs the suites in the extension host of desktop VS Code, downloaded for tests, on what the package unpacks to. */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { contentsOf } from "../../../scripts/packaging/contents.ts";
import { unpack } from "../../../scripts/packaging/zip.ts";
import type { HostRun } from "./hostSuites.ts";

/** `TOOLEXPANDER_VSCODE` names the version, as 1.101.0; the newest stable one without it. */
const version = process.env.TOOLEXPANDER_VSCODE || "stable";

export async function runElectron({ entry, vsix, workspace, data, environment }: HostRun): Promise<string> {
  const user = path.join(data, "user-data");
  mkdirSync(user, { recursive: true });
  const extension = path.join(data, "extension");
  unpack(contentsOf(readFileSync(vsix)).files, extension);
  try {
    await runTests({
      version,
      extensionDevelopmentPath: extension,
      extensionTestsPath: entry,
      extensionTestsEnv: environment,
      launchArgs: [workspace, "--disable-workspace-trust", "--disable-extensions", `--user-data-dir=${user}`],
    });
    return "";
  } catch (error) {
    return String(error);
  }
}
