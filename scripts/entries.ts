/** What is bundled, from which source. The one place to add a program. */
export interface Entry {
  source: string;
  /** Path below dist/. */
  output: string;
  /** Oldest Node that must be able to read it. */
  target: string;
}

export const entries: readonly Entry[] = [
  // Started by whatever Node a machine has, so it is written for an old one.
  { source: "server/launcher.ts", output: "cli.js", target: "node16" },
  { source: "server/cli.ts", output: "main.js", target: "node24" },
  { source: "server/training/server/main.ts", output: "trainingServer.js", target: "node24" },
  // Forked by the editor's own Node.
  { source: "server/language/server.ts", output: "languageServer.js", target: "node22" },
  { source: "server/training/engine/remote/child.ts", output: "engine.js", target: "node24" },
];

/** Native, or found by its own files beside it: stays in node_modules. */
export const external: readonly string[] = ["onnxruntime-node"];
