/** Where the programs lie that run in processes of their own: beside the bundle, or in the source tree. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const SOURCES = {
  trainingServer: "server/main.ts",
  engine: "engine/remote/child.ts",
  rewardWorker: "ownReward/worker.ts",
} as const;

export type EntryName = keyof typeof SOURCES;

/** Absolute path of a program's first module: `<name>.js` beside the bundle this code is in, else its TypeScript source. */
export function entryPoint(name: EntryName): string {
  const bundled = join(import.meta.dirname, `${name}.js`);
  return existsSync(bundled) ? bundled : join(import.meta.dirname, SOURCES[name]);
}

/** Options for every Node process of ours: `node:sqlite` and type stripping would otherwise write warnings into the logs. */
export const NODE_OPTIONS_OF_OURS = ["--disable-warning=ExperimentalWarning"];

/**
 * The environment of a process that outlives the one that starts it: without what an editor puts there for its own
 * processes, and with the switch that makes Electron's binary behave as Node.
 */
export function cleanEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const clean = Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name !== "NODE_OPTIONS" && !name.startsWith("VSCODE_") && name !== "ELECTRON_RUN_AS_NODE",
    ),
  );
  return process.versions.electron === undefined ? clean : { ...clean, ELECTRON_RUN_AS_NODE: "1" };
}
