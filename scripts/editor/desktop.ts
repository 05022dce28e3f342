/** Desktop VS Code, where the person has it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** Path of the `code` command; undefined where there is none that opens a window of this machine's own. */
export function findCode(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  // In a terminal of a remote window `code` speaks to the window on the other machine and takes no profile of its own.
  if (environment.VSCODE_IPC_HOOK_CLI || environment.WSL_DISTRO_NAME) return undefined;
  const name = process.platform === "win32" ? "code.cmd" : "code";
  return (environment.PATH ?? "")
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/**
 * Opens a window on a workspace with the packaged extension, in a profile of its own: the person's extensions and settings
 * stay as they are.
 *
 * @throws Error where the extension cannot be installed
 */
export async function openDesktop(code: string, extension: string, workspace: string, data: string): Promise<void> {
  const profile = ["--user-data-dir", path.join(data, "user-data"), "--extensions-dir", path.join(data, "extensions")];
  await run(code, [...profile, "--install-extension", extension, "--force"]);
  await run(code, [...profile, "--disable-workspace-trust", "--new-window", workspace]);
}

async function run(code: string, args: readonly string[]): Promise<void> {
  const batch = process.platform === "win32";
  const quoted = batch ? args.map((argument) => `"${argument}"`) : args;
  const child = spawn(batch ? `"${code}"` : code, quoted, { shell: batch, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  child.once("close", (status) =>
    status === 0 ? resolve() : reject(new Error(`${code} ended with ${status}: ${complaint.trim()}`)),
  );
  return promise;
}
