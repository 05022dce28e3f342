/** What is bundled, from which source. The one place to add a program. */
export interface Entry {
  source: string;
  /** Path below dist/. */
  output: string;
  /** Oldest Node that must be able to read it; for a view, the oldest Chromium. */
  target: string;
  /** An ES module by default. */
  format?: "cjs";
  /** Runs inside the editor, which brings the module `vscode`. */
  inEditor?: true;
  /** A script for a view, beside it its style sheet of the same name. */
  browser?: boolean;
  /** A script that a view loads when it needs it; its styles are the view's. */
  later?: boolean;
}

/** The Node of the oldest editor that package.json admits. */
const editorsNode = "node22";

/** Of the extension itself: its first entry, and what it loads when somebody needs it (extension/loadBundle.ts). */
const inEditor = (source: string, output: string): Entry => ({
  source,
  output,
  target: editorsNode,
  format: "cjs",
  inEditor: true,
});

export const entries: readonly Entry[] = [
  // Started by whatever Node a machine has, so it is written for an old one.
  { source: "server/launcher.ts", output: "cli.js", target: "node16" },
  { source: "server/cli.ts", output: "main.js", target: "node24" },
  { source: "server/training/server/main.ts", output: "trainingServer.js", target: editorsNode },
  { source: "server/training/engine/remote/child.ts", output: "engine.js", target: editorsNode },
  { source: "server/training/engine/onnx/decoding/threads/thread.ts", output: "decoderThread.js", target: editorsNode },
  { source: "server/training/ownCode/worker.ts", output: "ownCode.js", target: editorsNode },
  { source: "server/importing/parquet/thread.ts", output: "parquetThread.js", target: "node24" },
  {
    source: "server/training/engine/onnx/devices/selfTestProgram.ts",
    output: "deviceTest.js",
    target: editorsNode,
  },
  // Forked by the editor's own Node.
  { source: "server/language/server.ts", output: "languageServer.js", target: editorsNode },
  inEditor("extension/main.ts", "extension.cjs"),
  // Loaded when there is a document for it.
  inEditor("extension/language/languageClient.ts", "languageClient.cjs"),
  // Loaded when there is a file that is too large for the language server.
  inEditor("extension/largeFiles/largeFiles.ts", "largeFiles.cjs"),
  // Loaded when a hand edit is opened or made.
  inEditor("extension/replacements/replacementEditors.ts", "replacementEditors.cjs"),
  { source: "extension/replacements/worker/main.ts", output: "replacementWorker.js", target: editorsNode },
  // Loaded when there is a policy to export.
  inEditor("extension/exporting/exporting.ts", "exporting.cjs"),
  // Loaded when CUDA support is to be installed.
  inEditor("extension/cudaSupport/cudaSupport.ts", "cudaSupport.cjs"),
  // Loaded when a process waits for a judge or its key, or a person sets one.
  inEditor("extension/judging/judging.ts", "judging.cjs"),
  // Loaded when trajectories are to be generated.
  inEditor("extension/generating/generating.ts", "generating.cjs"),
  { source: "extension/generating/process/main.ts", output: "generateProcess.js", target: editorsNode },
  { source: "extension/exporting/process/main.ts", output: "exportProcess.js", target: editorsNode },
  { source: "extension/largeFiles/process/main.ts", output: "checkProcess.js", target: editorsNode },
  // Loaded when there is a panel to show.
  inEditor("extension/views/panels.ts", "panels.cjs"),
  { source: "extension/training/worker/main.ts", output: "trainingWorker.js", target: editorsNode },
  { source: "extension/rollouts/worker/main.ts", output: "storeWorker.js", target: editorsNode },
  { source: "extension/curves/worker/main.ts", output: "curvesWorker.js", target: editorsNode },
  { source: "extension/compare/worker/main.ts", output: "compareWorker.js", target: editorsNode },
  { source: "extension/episodes/worker/main.ts", output: "episodesWorker.js", target: editorsNode },
  { source: "webview/compare/main.tsx", output: "webview/compare.js", target: "chrome134", browser: true },
  { source: "webview/curves/main.tsx", output: "webview/curves.js", target: "chrome134", browser: true },
  { source: "webview/episodes/main.tsx", output: "webview/episodes.js", target: "chrome134", browser: true },
  { source: "webview/rollouts/main.tsx", output: "webview/rollouts.js", target: "chrome134", browser: true },
  { source: "webview/replacement/main.tsx", output: "webview/replacement.js", target: "chrome134", browser: true },
  {
    source: "webview/replacement/json/main.ts",
    output: "webview/jsonEditor.js",
    target: "chrome134",
    browser: true,
    later: true,
  },
];

/** Native, or found by its own files beside it: stays in node_modules. */
export const external: readonly string[] = ["onnxruntime-node"];
