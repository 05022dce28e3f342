/** Runs the suites in the extension host of desktop VS Code, downloaded for tests. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import type { HostRun } from "./hostSuites.ts";

export async function runElectron({ entry, extension, workspace, data, environment }: HostRun): Promise<string> {
  const user = path.join(data, "user-data");
  mkdirSync(user, { recursive: true });
  try {
    await runTests({
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
