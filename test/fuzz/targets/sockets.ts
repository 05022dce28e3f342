/** The conversation of a run, with a stranger at one end: at the server's before and behind the token, and at the client's. */
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ResponseError } from "vscode-jsonrpc/node";
import { InputError } from "../../../schemas/problem.ts";
import { notifications, PROTOCOL_VERSION } from "../../../schemas/protocol.ts";
import { Control } from "../../../server/training/control.ts";
import { ask, converse, hear } from "../../../server/training/conversation.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { Board } from "../../../server/training/server/board.ts";
import { listen } from "../../../server/training/server/socket.ts";
import { writeWorkspace } from "../../../server/training/testing/workspace.ts";
import { inStructure, joined, mutated } from "../mutations.ts";
import type { Random, Target } from "../target.ts";
import { bytesOf, textOf } from "./support.ts";

const TOKEN = "a token of forty-three characters, about so";

const frame = (message: unknown): Uint8Array => framed(bytesOf(JSON.stringify(message)));
const framed = (body: Uint8Array): Uint8Array => joined(bytesOf(`Content-Length: ${body.length}\r\n\r\n`), body);
const request = (id: number | string, method: string, params: unknown): Uint8Array =>
  frame({ jsonrpc: "2.0", id, method, params });

const HELLO = request(1, "hello", { protocol: PROTOCOL_VERSION, token: TOKEN });
const LAST = request("last", "status", {});

/** Behind the end of the headers. */
const bodyAt = (bytes: Uint8Array): number => textOf(bytes).indexOf("\r\n\r\n") + 4;

/** Most faults are in the message and not in its frame, so that they are read. */
function inMessage(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (random() < 0.25) return mutated(seed, other, random);
  const body = seed.subarray(bodyAt(seed));
  return framed(random() < 0.7 ? inStructure(body, random) : mutated(body, other.subarray(bodyAt(other)), random));
}

const OFFERED = { file: "a.replacement.json", text: '{"sample":"q0-0"}' };
const REQUESTS: [string, unknown][] = [
  ["attach", {}],
  ["pause", {}],
  ["resume", {}],
  ["pauseOnHard", { on: true }],
  ["replacements", { files: [OFFERED, { file: "b.replacement.json", text: null }] }],
  ["try", { id: "t1", file: "a.replacement.json", text: "{}", rollouts: 2 }],
  ["cancelTry", { id: "t1" }],
  ["answerJudge", { id: "q", outcome: { kind: "text", text: "7" } }],
];

/** Turns of the event loop without a word after which nothing more is to be heard: both ends are in this thread. */
const QUIET = 12;

/** One conversation with the server: what it answered until it had nothing more to say, and the connection was closed. */
async function conversation(address: string, bytes: Uint8Array): Promise<string> {
  const socket = connect(address);
  let heard = "";
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("data", (chunk: Buffer) => {
    heard += chunk.toString("latin1");
  });
  // Bytes that nobody reads any more are no fault.
  socket.on("error", () => {});
  socket.write(bytes);
  let length = -1;
  for (let quiet = 0; quiet < QUIET && !socket.destroyed; quiet++) {
    if (heard.length !== length || socket.connecting) quiet = 0;
    length = heard.length;
    await setImmediate();
  }
  socket.end();
  await closed;
  return heard;
}

/** What JSON-RPC answers where a handler threw; a person's fault has a code of its own. */
function refuseInternal(heard: string): void {
  const [, found] = /"code":-32603,"message":"((?:[^"\\]|\\.)*)"/.exec(heard) ?? [];
  if (found !== undefined) throw new Error(`a handler threw: ${found}`);
}

function serverTarget(name: string, welcome: boolean, seeds: readonly Uint8Array[]): Target {
  return {
    name,
    weight: 4,
    mutate: inMessage,
    seeds: () => seeds,
    async open(folder) {
      const experiment = resolveExperiment(writeWorkspace(folder), {});
      const control: Control = new Control(() => board.follow());
      const board = new Board(folder, experiment, control);
      const address = process.platform === "win32" ? `\\\\.\\pipe\\fuzz-${process.pid}-${name}` : join(folder, "s");
      const listener = await listen(address, TOKEN, (client) => board.welcome(client));
      let cases = 0;
      return {
        async read(input) {
          refuseInternal(await conversation(address, welcome ? joined(HELLO, input, LAST) : input));
          // Whatever the stranger did, others are answered.
          if (++cases % 100 > 0) return;
          const heard = await conversation(address, joined(HELLO, LAST));
          if (!heard.includes('"id":"last","result":{')) throw new Error(`another client heard ${heard}`);
        },
        close: () => listener.close(),
      };
    },
  };
}

const strangers = serverTarget("socket, before the token", false, [
  HELLO,
  LAST,
  joined(HELLO, LAST),
  frame({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } }),
]);

const clients = serverTarget(
  "socket, behind the token",
  true,
  REQUESTS.map(([method, params], index) => request(index + 2, method, params)),
);

/** Results that are right, so that faults are small. */
const STATE = { state: "running", activity: "sampling", step: 1, steps: 6, pauseOnHard: false, pausedOn: null };
const SNAPSHOT = {
  ...STATE,
  ...{ folder: "/runs/a", name: "a", preset: "grpo", device: "cpu", threads: 1, pid: 1, enginePid: 0 },
  ...{ startedAt: "2026-01-31T12:00:00Z", secondsLeft: null, latest: null, evaluations: {}, probes: {} },
  ...{ hardRows: null, round: null, hardByRound: [] },
};

const answers: Target = {
  name: "socket, a server's answers",
  weight: 4,
  mutate: inMessage,
  seeds: () => [
    frame({ jsonrpc: "2.0", id: 0, result: SNAPSHOT }),
    frame({ jsonrpc: "2.0", id: 0, error: { code: -32001, message: "no" } }),
    frame({ jsonrpc: "2.0", method: "state", params: STATE }),
    frame({ jsonrpc: "2.0", method: "log", params: { level: "warning", message: "so" } }),
    frame({ jsonrpc: "2.0", method: "progress", params: { activity: "sampling", done: 1, total: 2 } }),
    frame({ jsonrpc: "2.0", id: 7, method: "status", params: {} }),
  ],
  async open(folder) {
    const address = process.platform === "win32" ? `\\\\.\\pipe\\fuzz-${process.pid}-answers` : join(folder, "s");
    let answer = new Uint8Array();
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(address, resolve));
    return {
      async read(input) {
        answer = input.slice();
        await heardBy(connect(address));
      },
      close: () => new Promise((resolve) => server.close(() => resolve())),
    };
  },
};

/** As a client of ours listens: it asks, hears, and has an answer or a reason when the connection is gone. */
async function heardBy(socket: Socket): Promise<void> {
  const connection = converse(socket);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  connection.onError(() => socket.destroy());
  for (const method of Object.keys(notifications) as (keyof typeof notifications)[]) hear(connection, method, () => {});
  connection.listen();
  const asked = ask(connection, "status", {});
  await Promise.race([asked.then(() => {}, refuseUnknown), closed]);
  asked.catch(() => {});
  socket.destroy();
  await closed;
  connection.dispose();
}

function refuseUnknown(error: unknown): void {
  if (error instanceof ResponseError || error instanceof InputError) return;
  if (
    error instanceof Error &&
    /^The training server's answer|connection (got|is) (disposed|closed)/i.test(error.message)
  )
    return;
  throw error;
}

export const socketTargets: readonly Target[] = [strangers, clients, answers];
