/** The suites of the extension host, by whichever launcher this machine has. */
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onDesktop } from "../../../scripts/editor/places.ts";
import { packageToTest } from "../../../scripts/packaging/vsix.ts";
import type { HostResult } from "../host/run.ts";
import { bundleHostSuites } from "../hostBundle.ts";
import { runElectron } from "./hostElectron.ts";
import { runServed } from "./hostServed.ts";
import { quickstartIn } from "./workspaces.ts";

export interface HostRun {
  /** Module whose `run` the extension host calls. */
  entry: string;
  /** The packaged extension. */
  vsix: string;
  workspace: string;
  /** Folder for user data and logs. */
  data: string;
  environment: Record<string, string>;
  /** Longest time for all suites, milliseconds. */
  patience: number;
}

/** Runs every suite once on a copy of the quickstart. @throws Error with all logs where none told a result */
export async function runHostSuites(patience: number): Promise<HostResult[]> {
  // Short: VS Code makes a socket in its user data, and macOS has long temporary folders and takes 103 bytes of path.
  const data = realpathSync(mkdtempSync(path.join(process.platform === "win32" ? tmpdir() : "/tmp", "txh-")));
  try {
    const workspace = quickstartIn(data);
    const results = path.join(data, "results.jsonl");
    const environment = { TOOLEXPANDER_HOST_RESULTS: results };
    const run: HostRun = {
      entry: await bundleHostSuites(),
      vsix: packageToTest(),
      workspace,
      data,
      environment,
      patience,
    };
    const log = onDesktop ? await runElectron(run) : await runServed(run);
    if (!existsSync(results)) throw new Error(`The extension host told no result.\n${log}`);
    const lines = readFileSync(results, "utf8").trimEnd().split("\n");
    return lines.map((line): HostResult => JSON.parse(line));
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
