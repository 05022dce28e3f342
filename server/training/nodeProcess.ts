/** How every Node process of ours is started. Apart from where its program lies, which a CommonJS bundle cannot ask. */

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
