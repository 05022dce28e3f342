/** A large file in a real server process: how soon findings come, how soon they follow a keystroke, what it costs. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { bundle } from "../../scripts/bundle.ts";
import type { Row } from "../report.ts";
import { median, percentile } from "../statistics.ts";
import { chatLines } from "./records.ts";

const LINES = 50_000;
const KEYSTROKES = 200;
const URI = "file:///bench/large.jsonl";

/** What the server process tells of one message (workers/languageServer.ts); times in milliseconds of its own clock. */
interface Clocked {
  what: "heard" | "said";
  method: string;
  version: number;
  count: number;
  at: number;
  /** Largest memory so far, bytes. */
  peak: number;
  rss?: number;
  cpu?: number;
}

class Clock {
  readonly #messages: Clocked[] = [];
  #arrived = (): void => {};

  constructor(server: ChildProcess) {
    server.on("message", (message: Clocked) => {
      this.#messages.push(message);
      this.#arrived();
    });
  }

  async first(fits: (message: Clocked) => boolean): Promise<Clocked> {
    for (;;) {
      const found = this.#messages.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** The latest one, when none has come for a second. */
  async settled(fits: (message: Clocked) => boolean): Promise<Clocked> {
    for (let count = -1; count !== this.#messages.length; ) {
      count = this.#messages.length;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return this.#messages.findLast(fits) ?? (await this.first(fits));
  }
}

const published = (version: number) => (message: Clocked) =>
  message.what === "said" && message.method === "textDocument/publishDiagnostics" && message.version === version;

export async function editing(): Promise<Row[]> {
  const text = chatLines(LINES, 1);
  const bytes = Buffer.byteLength(text);
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
  // As users get it: read as TypeScript, the compiler would count as the server's memory.
  await bundle({ source: "bench/workers/languageServer.ts", output: "server.mjs", target: "node22" }, folder);
  const server = fork(join(folder, "server.mjs"), [], { silent: true });
  if (server.stdout === null || server.stdin === null) throw new Error("The server has no streams");
  server.stderr?.pipe(process.stderr);
  const clock = new Clock(server);
  const client = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  client.listen();
  try {
    await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    await client.sendNotification("initialized", {});
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { uri: URI, languageId: "jsonl", version: 1, text },
    });
    const opened = await clock.first(({ what, method }) => what === "heard" && method === "textDocument/didOpen");
    const first = await clock.first(published(1));
    const whole = await clock.settled(published(1));
    const keystrokes: number[] = [];
    for (let version = 2; version < KEYSTROKES + 2; version++) {
      const line = (version * 7919) % LINES;
      const place = { line, character: 7 };
      await client.sendNotification("textDocument/didChange", {
        textDocument: { uri: URI, version },
        contentChanges: [{ range: { start: place, end: place }, text: "x" }],
      });
      const said = await clock.first(published(version));
      const heard = await clock.first((one) => one.what === "heard" && one.version === version);
      keystrokes.push(said.at - heard.at);
    }
    const settled = await clock.settled(published(KEYSTROKES + 1));
    const size = `${(bytes / 1e6).toFixed(0)} MB, ${LINES} lines`;
    return [
      row(`first diagnostics after open (${size})`, first.at - opened.at, "ms", "< 300 ms"),
      row("all of its diagnostics after open", (whole.at - opened.at) / 1000, "s", "< 5 s"),
      {
        ...row(`keystroke to diagnostics in it (${KEYSTROKES}, p95)`, percentile(keystrokes, 95), "ms", "< 40 ms"),
        ours: `p95 ${percentile(keystrokes, 95).toFixed(1)} ms, median ${median(keystrokes).toFixed(1)} ms`,
      },
      row("largest memory of the server, in sizes of the file", settled.peak / bytes, "×", "< 8 ×"),
      row("memory of the server afterwards, in sizes of the file", (settled.rss ?? 0) / bytes, "×", ""),
    ];
  } finally {
    client.dispose();
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

const row = (what: string, value: number, unit: string, bar: string): Row => ({
  what,
  ours: `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
  peer: "",
  ratio: "",
  bar,
  data: { value },
});
