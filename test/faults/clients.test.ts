/** Those around a run: clients that want different things, connections that break in the middle of a message, servers that race for it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL_VERSION } from "../../schemas/protocol.ts";
import { connectToRun } from "../../server/training/client/connect.ts";
import { logFile } from "../../server/training/client/start.ts";
import { readServerFile } from "../../server/training/server/serverFile.ts";
import { readToken } from "../../server/training/server/token.ts";
import { until } from "../../server/training/testing/harness.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";

const UNHARMED = "resumed, identical, nothing lost";

faultTest({ name: "two clients that pause and resume against each other", short: 1, share: 0.05 }, async (trial) => {
  const runs = await TinyRuns.of(trial.t);
  for (let number = 0; number < trial.times; number++) {
    const run = runs.begun();
    const server = new HeldServer(run.folder);
    const clients = await Promise.all([1, 2].map(() => until("a connection", () => connectToRun(run.folder))));
    const heard = clients.map((client) => {
      const states: string[] = [];
      client.on("state", ({ state }) => states.push(state));
      return states;
    });
    await Promise.all(clients.map((client) => client.attach()));
    let wishes = 0;
    for (; wishes < 12 && !server.hasEnded; wishes++) {
      const [who, what] = [trial.draw(`who ${number} ${wishes}`), trial.draw(`what ${number} ${wishes}`)];
      const client = clients[who < 0.5 ? 0 : 1];
      await sleep(trial.draw(`instant ${number} ${wishes}`) * 0.1 * runs.duration);
      const said = what < 0.5 ? client?.pause() : client?.resume();
      // Only a run that is over hears no wish any more.
      await said?.catch(() => server.ended);
    }
    await clients[1]?.resume().catch(() => server.ended);
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    runs.isTheSame(run);
    await until("both to have heard the end", () => heard.every((states) => states.at(-1) === "finished"));
    for (const client of clients) client.close();
    trial.struck(`${wishes} wishes`, UNHARMED);
  }
});

const message = (id: number, method: string, params: object): Buffer => {
  const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
  return Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};

/** A socket that has said hello and been welcomed. */
async function welcomed(folder: string): Promise<Socket> {
  const { address, token } = await until("the server's address", () => {
    const [socket, secret] = [readServerFile(folder)?.socket, readToken(folder)];
    return socket !== undefined && secret !== undefined && { address: socket, token: secret };
  });
  for (;;) {
    const socket = connect(address);
    socket.on("error", () => {});
    socket.write(message(1, "hello", { protocol: PROTOCOL_VERSION, token }));
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true));
      socket.once("close", () => resolve(false));
    });
    if (answered) return socket;
    await sleep(10); // it is named before it listens
  }
}

faultTest({ name: "a socket closed in the middle of a message", short: 3, share: 0.1 }, async (trial) => {
  const runs = await TinyRuns.of(trial.t);
  for (let number = 0; number < trial.times; ) {
    const run = runs.begun();
    const server = new HeldServer(run.folder);
    for (let cuts = 0; cuts < 5 && number < trial.times; cuts++, number++) {
      const socket = await welcomed(run.folder);
      // A whole attach, so that the server is sending when it happens, then a part of a stop, which must not be obeyed.
      socket.write(message(2, "attach", {}));
      const stop = message(3, "stop", {});
      const part = Math.floor(trial.draw(`part ${number}`) * stop.length);
      socket.write(stop.subarray(0, part));
      await sleep(trial.draw(`instant ${number}`) * 20);
      const half = trial.draw(`how ${number}`) < 0.5;
      // Without another word, or with a farewell and while there is something left to read.
      if (half) socket.pause().end();
      else socket.destroy();
      trial.struck(part <= stop.indexOf("\r\n\r\n") ? "in its header" : "in its body", UNHARMED);
    }
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    runs.isTheSame(run);
  }
});

faultTest({ name: "servers that race for one run", short: 2, share: 0.1 }, async (trial) => {
  const runs = await TinyRuns.of(trial.t);
  for (let number = 0; number < trial.times; number++) {
    const run = runs.begun();
    const isStale = trial.draw(`stale ${number}`) < 0.5;
    if (isStale) {
      const dead = new HeldServer(run.folder);
      await until("its server.json", () => dead.hasEnded || readServerFile(run.folder) !== undefined);
      await dead.kill();
    }
    const servers: HeldServer[] = [];
    for (let place = 0; place < 3; place++) {
      servers.push(new HeldServer(run.folder));
      await sleep(trial.draw(`stagger ${number} ${place}`) * 30);
    }
    const ended = await Promise.all(servers.map((server) => server.ended));
    const codes = ended.map(({ code }) => code).sort();
    assert.deepEqual(codes, [0, 1, 1], readFileSync(logFile(run.folder), "utf8"));
    const refusals = readFileSync(logFile(run.folder), "utf8").match(
      /already has this run; attach to it or stop it first/g,
    );
    assert.equal(refusals?.length, 2, "each of the others says why it ends");
    runs.isTheSame(run);
    trial.struck(isStale ? "over what a dead server left" : "over a new run", "refused in a sentence, nothing changed");
  }
});
