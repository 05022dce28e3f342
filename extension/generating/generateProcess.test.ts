import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";
import { generatedIn, scriptedEpisodes } from "../../server/training/testing/episodeWorkspace.ts";
import { temporaryFolder } from "../../server/training/testing/harness.ts";
import { runGeneration } from "./generateProcess.ts";
import type { Generated, Generating } from "./messages.ts";

const program = join(import.meta.dirname, "process", "main.ts");

interface Watching {
  signal?: AbortSignal;
  progress?(now: Generating): void;
  said?(sentence: string): void;
  of?: string;
}

const generate = (folder: string, { of = program, ...watching }: Watching = {}): Promise<Generated | undefined> =>
  runGeneration(
    of,
    { experiment: join(folder, "experiment.json") },
    { signal: new AbortController().signal, progress: () => {}, said: () => {}, ...watching },
  );

test("a process generates the whole file, tells how far it is, and what came of it", async (t) => {
  const folder = scriptedEpisodes(t, { spark: { wave: 4 } });
  const told: Generating[] = [];
  const done = await generate(folder, { progress: (now) => told.push(now) });
  assert.deepEqual([done?.planned, done?.questions, done?.skipped], [7, 7, 0]);
  assert.equal(done?.file, join(folder, "sums.trajectories.jsonl"));
  assert.equal(done?.right.rows, 7);
  assert.ok((done?.entropyBits ?? 0) > 0);
  assert.deepEqual(
    told.filter(({ wave }) => wave === undefined).map(({ stored }) => stored),
    [0, 4, 7],
  );
  assert.ok(told.some(({ wave }) => wave?.turn === 1));
});

test("one that is cancelled leaves a file to go on with, to the bytes of the undisturbed one", async (t) => {
  const changes = { delay: 4, spark: { wave: 2 } };
  const undisturbed = scriptedEpisodes(t, changes);
  await generate(undisturbed);
  const folder = scriptedEpisodes(t, changes);
  const stopping = new AbortController();
  const stopped = await generate(folder, {
    signal: stopping.signal,
    progress: ({ stored }) => stored >= 2 && stopping.abort(),
  });
  assert.ok(stopped && stopped.questions >= 2 && stopped.questions < 7, JSON.stringify(stopped));
  assert.ok(generatedIn(undisturbed).startsWith(generatedIn(folder)));
  assert.equal((await generate(folder))?.questions, 7);
  assert.equal(generatedIn(folder), generatedIn(undisturbed));
  assert.equal(await generate(folder, { signal: AbortSignal.abort() }), undefined);
});

test("a process whose window is gone ends by itself, and its file can be gone on with", async (t) => {
  const folder = scriptedEpisodes(t, { delay: 4, spark: { wave: 2 } });
  const child = fork(program, { execArgv: NODE_OPTIONS_OF_OURS });
  t.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  child.on("message", (message: { stored?: number }) => {
    if ((message.stored ?? 0) >= 2 && child.connected) child.disconnect();
  });
  child.send({ experiment: join(folder, "experiment.json") });
  assert.deepEqual(await ended, [0, null]);
  const lines = generatedIn(folder).trimEnd().split("\n").length - 1;
  assert.ok(lines >= 2 && lines < 7, `${lines} questions`);
  assert.equal((await generate(folder))?.questions, 7);
});

test("what the workspace is to blame for is told in its sentence, and what nothing answers while it goes on", async (t) => {
  const folder = scriptedEpisodes(t, { experiment: { environment: {} } });
  const said: string[] = [];
  await generate(folder, { said: (sentence) => said.push(sentence) });
  assert.match(said.join("\n"), /Nothing answers for "add", "sum_up", "look_up" in some questions/);
  const file = join(folder, "experiment.json");
  const experiment = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...experiment, train: "absent.questions.jsonl" }));
  await assert.rejects(
    generate(folder),
    (error) => error instanceof InputError && /absent\.questions\.jsonl/.test(error.message),
  );
});

test("a process that dies, or says what is none of this, is told so", async (t) => {
  const folder = temporaryFolder(t);
  const stand = (name: string, body: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `process.once("message", () => { ${body} });`);
    return file;
  };
  const dying = stand("dying.mjs", 'console.error("out of it"); process.exit(3);');
  await assert.rejects(generate(folder, { of: dying }), /ended unexpectedly \(exit code 3\)\. out of it/);
  const odd = stand("odd.mjs", 'process.send({ kind: "finished" }, () => process.disconnect());');
  await assert.rejects(generate(folder, { of: odd }), /what is not known/);
  assert.ok(!existsSync(join(folder, "sums.trajectories.jsonl")));
});
