/** Which of the programs could reach another machine at all: the modules that they ask Node for, and the names that browsers have. */
import assert from "node:assert/strict";
import test from "node:test";
import { type BuildResult, build } from "esbuild";
import { optionsFor } from "../../scripts/bundle.ts";
import { entries } from "../../scripts/entries.ts";

const TALKATIVE = /^(?:node:)?(net|http|https|http2|tls|dgram|dns|dns\/promises|undici|ws)$/;

/**
 * Sockets of the file system and named pipes need `net`. Programs that only talk to their own threads have it from their protocol's
 * library, which could use a socket instead. The command line has `http` for the proxies of `install-cuda`.
 */
const LOCAL = [
  ...[
    "trainingServer.js",
    "engine.js",
    "trainingWorker.js",
    "replacementWorker.js",
    "exportProcess.js",
    "generateProcess.js",
  ],
  ...["languageServer.js", "languageClient.cjs", "extension.cjs", "replacementEditors.cjs"],
];
const ASKED = { ...Object.fromEntries(LOCAL.map((name) => [name, ["net"]])), "main.js": ["http", "net"] };

const built = (options: ReturnType<typeof optionsFor>): Promise<BuildResult<{ metafile: true; write: false }>> =>
  build({ ...options, sourcemap: false, write: false, metafile: true, logLevel: "silent" });

test("no program asks Node for more than it needs to talk to programs of ours", async () => {
  const asked = new Map<string, string[]>();
  for (const entry of entries.filter(({ browser }) => !browser)) {
    const { metafile } = await built(optionsFor(entry, "dist"));
    const talkative = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.flatMap(({ path, external }) => (external ? (TALKATIVE.exec(path)?.[1] ?? []) : [])),
    );
    if (talkative.length > 0) asked.set(entry.output, [...new Set(talkative)].sort());
  }
  assert.deepEqual(Object.fromEntries(asked), ASKED);
});

test("views cannot fetch: nothing in their scripts does, and their policy has no address for it", async () => {
  for (const entry of entries.filter(({ browser }) => browser)) {
    const { outputFiles } = await built(optionsFor(entry, "dist"));
    const script = outputFiles.find(({ path }) => path.endsWith(".js"))?.text ?? "";
    assert.ok(script.length > 1000);
    assert.doesNotMatch(
      script,
      /\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts)\s*\(/,
      entry.output,
    );
  }
});
