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

export const entries: readonly Entry[] = [
  // Started by whatever Node a machine has, so it is written for an old one.
  { source: "server/launcher.ts", output: "cli.js", target: "node16" },
  { source: "server/cli.ts", output: "main.js", target: "node24" },
  { source: "server/training/server/main.ts", output: "trainingServer.js", target: editorsNode },
  { source: "server/training/engine/remote/child.ts", output: "engine.js", target: editorsNode },
  { source: "server/training/engine/onnx/decoding/threads/thread.ts", output: "decoderThread.js", target: editorsNode },
  { source: "server/training/ownCode/worker.ts", output: "ownCode.js", target: editorsNode },
  {
    source: "server/training/engine/onnx/devices/selfTestProgram.ts",
    output: "deviceTest.js",
    target: editorsNode,
  },
  // Forked by the editor's own Node.
  { source: "server/language/server.ts", output: "languageServer.js", target: editorsNode },
  { source: "extension/main.ts", output: "extension.cjs", target: editorsNode, format: "cjs", inEditor: true },
  // Loaded when there is a document for it.
  {
    source: "extension/language/languageClient.ts",
    output: "languageClient.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  // Loaded when there is a file that is too large for the language server.
  {
    source: "extension/largeFiles/largeFiles.ts",
    output: "largeFiles.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  // Loaded when a hand edit is opened or made.
  {
    source: "extension/replacements/replacementEditors.ts",
    output: "replacementEditors.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  { source: "extension/replacements/worker/main.ts", output: "replacementWorker.js", target: editorsNode },
  // Loaded when there is a policy to export.
  {
    source: "extension/exporting/exporting.ts",
    output: "exporting.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  // Loaded when CUDA support is to be installed.
  {
    source: "extension/cudaSupport/cudaSupport.ts",
    output: "cudaSupport.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  // Loaded when a process waits for a judge or its key, or a person sets one.
  {
    source: "extension/judging/judging.ts",
    output: "judging.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  // Loaded when trajectories are to be generated.
  {
    source: "extension/generating/generating.ts",
    output: "generating.cjs",
    target: editorsNode,
    format: "cjs",
    inEditor: true,
  },
  { source: "extension/generating/process/main.ts", output: "generateProcess.js", target: editorsNode },
  { source: "extension/exporting/process/main.ts", output: "exportProcess.js", target: editorsNode },
  { source: "extension/largeFiles/process/main.ts", output: "checkProcess.js", target: editorsNode },
  // Loaded when there is a panel to show.
  { source: "extension/views/panels.ts", output: "panels.cjs", target: editorsNode, format: "cjs", inEditor: true },
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
