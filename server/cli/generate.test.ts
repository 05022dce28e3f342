import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { seedFor } from "../training/draw.ts";
import { NODE_OPTIONS_OF_OURS } from "../training/nodeProcess.ts";
import { KEY_VARIABLE } from "../training/spark/judges/endpoint/key.ts";
import { chatServer, type Reaction, says } from "../training/spark/judges/testing/chatServer.ts";
import { answerWith } from "../training/spark/judges/testing/turns.ts";
import { generatedIn, scriptedEpisodes, sumQuestion } from "../training/testing/episodeWorkspace.ts";
import { killProcess, until } from "../training/testing/harness.ts";

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  out(): string;
}

function start(t: TestContext, cwd: string, ...args: string[]): Started {
  const cli = join(import.meta.dirname, "../cli.ts");
  const child = spawn(process.execPath, [...NODE_OPTIONS_OF_OURS, cli, "generate", ...args], { cwd });
  t.after(() => child.pid !== undefined && child.exitCode === null && killProcess(child.pid));
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (data) => {
    texts.stdout += data;
  });
  child.stderr.setEncoding("utf8").on("data", (data) => {
    texts.stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, ...texts })));
  return { child, ended, out: () => texts.stdout };
}

const generate = (t: TestContext, cwd: string, ...args: string[]): Promise<Ended> => start(t, cwd, ...args).ended;

test("trajectories, and a table of them; done again it says the same and writes nothing", async (t) => {
  const folder = scriptedEpisodes(t);
  const first = await generate(t, folder, "experiment.json");
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^0 of 7 questions stored$/m);
  assert.match(first.stdout, /sums\.trajectories\.jsonl: 7 of 7 questions\n/);
  assert.match(first.stdout, /│ look_up +│/);
  assert.match(first.stdout, /│ \(plain reasoning\) +│/);
  assert.match(first.stdout, /entropy of the chosen tools \d\.\d\d bits/);
  const written = generatedIn(folder);
  const again = await generate(t, folder, "experiment.json", "--json");
  assert.equal(again.code, 0, again.stderr);
  const table = JSON.parse(again.stdout);
  assert.deepEqual([table.complete, table.planned, table.questions], [true, 7, 7]);
  assert.equal(table.tools.length, 4);
  assert.equal(generatedIn(folder), written);
});

test("killed at any moment, it comes to the bytes of the undisturbed one", async (t) => {
  const questions = Array.from({ length: 9 }, (_, index) => sumQuestion(index));
  const changes = { questions, delay: 4, spark: { wave: 2 } };
  const undisturbed = scriptedEpisodes(t, changes);
  assert.equal((await generate(t, undisturbed, "experiment.json")).code, 0);
  const expected = generatedIn(undisturbed);
  const folder = scriptedEpisodes(t, changes);
  const file = join(folder, "sums.trajectories.jsonl");
  const size = (): number => (existsSync(file) ? readFileSync(file).length : 0);
  let kills = 0;
  for (let life = 0; size() < expected.length && life < 4; life++) {
    const { child, ended } = start(t, folder, "experiment.json");
    // Somewhere behind what an earlier life has reached, in the midst of a wave or between two.
    const reach = size() + 1 + (seedFor(5, `life ${life}`) % 9000);
    await until("the file to grow", () => size() >= reach || child.exitCode !== null);
    if (child.exitCode === null && child.pid !== undefined) kills++;
    if (child.pid !== undefined) killProcess(child.pid);
    await ended;
    assert.ok(expected.startsWith(readFileSync(file, "utf8").slice(0, size())), "what is there is a beginning");
  }
  assert.ok(kills >= 2, `${kills} kills`);
  assert.equal((await generate(t, folder, "experiment.json")).code, 0);
  assert.equal(generatedIn(folder), expected);
});

test("Ctrl-C keeps what was stored, and the same command goes on", async (t) => {
  const folder = scriptedEpisodes(t, { delay: 4, spark: { wave: 2 } });
  const { child, ended, out } = start(t, folder, "experiment.json");
  await until("the first wave", () => out().includes("2 of 7 questions stored"));
  child.kill("SIGINT");
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Stopping: what was stored stays\./);
  assert.match(stdout, /: [246] of 7 questions; the same command goes on with the others/);
  assert.match((await generate(t, folder, "experiment.json")).stdout, /: 7 of 7 questions\n/);
});

test("an engine that dies is told in one sentence, and costs the wave alone", async (t) => {
  const folder = scriptedEpisodes(t, { files: { "model/config.json": '{"crash_at":8}' } });
  const { code, stderr } = await generate(t, folder, "experiment.json");
  assert.equal(code, 1, stderr);
  assert.match(
    stderr,
    /^The engine process was ended by SIGKILL\. What was stored stays, and the same command goes on;/,
  );
  assert.equal(generatedIn(folder).trimEnd().split("\n").length, 1 + 3);
});

test("faults of the input exit with 1 and one sentence, misuse with 2", async (t) => {
  const folder = scriptedEpisodes(t, { experiment: { environment: {} } });
  const complained = async (code: number, message: RegExp, ...args: string[]): Promise<void> => {
    const found = await generate(t, folder, ...args);
    assert.equal(found.code, code, found.stderr);
    assert.match(found.stderr, message);
    assert.doesNotMatch(found.stderr, /\n\s+at /);
  };
  await complained(2, /missing required argument/);
  await complained(2, /seed.*whole number/s, "experiment.json", "--seed", "-1");
  await complained(1, /absent\.jsonl: There is no such file/, "experiment.json", "--questions", "absent.jsonl");
  writeFileSync(join(folder, "samples.jsonl"), '{"id":"a","query":"?","tools":[],"answer":[]}\n');
  await complained(
    1,
    /samples\.jsonl:1:\d+ \(answer\): This must be/,
    "experiment.json",
    "--questions",
    "samples.jsonl",
  );
  const { trajectories: _, ...rest } = JSON.parse(readFileSync(join(folder, "experiment.json"), "utf8"));
  writeFileSync(join(folder, "nowhere.json"), JSON.stringify(rest));
  await complained(1, /\(trajectories\): Nothing says where the trajectories go/, "nowhere.json");
  assert.ok(!existsSync(join(folder, "sums.trajectories.jsonl")));
  const silent = await generate(t, folder, "nowhere.json", "--out", "here.jsonl");
  assert.equal(silent.code, 0, silent.stderr);
  assert.match(silent.stdout, /^Nothing answers for "add", "sum_up", "look_up" in some questions/m);
  assert.match(silent.stdout, /observations that are no results: .*\d+ none/);
});

/** Gives each candidate a score of its own. */
const judgesFairly: Reaction = (response, request) => {
  const { messages } = JSON.parse(request.body) as { messages: { content: string }[] };
  const { candidates } = JSON.parse(messages.at(-1)?.content ?? "") as { candidates: unknown[] };
  says(answerWith(...candidates.map((_, place) => place + 5)))(response, request);
};

test("an endpoint judges, is asked nothing twice, and its key is in no file and no output", async (t) => {
  const server = await chatServer(t, judgesFairly);
  const key = "a-key-for-nobody-else";
  process.env[KEY_VARIABLE] = key;
  t.after(() => delete process.env[KEY_VARIABLE]);
  const folder = scriptedEpisodes(t, { spark: { judge: { kind: "endpoint", url: server.url, model: "judge-1" } } });
  const first = await generate(t, folder, "experiment.json");
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /7 of 7 questions/);
  const asked = server.seen.length;
  assert.ok(asked >= 7, `${asked} requests`);
  assert.ok(server.seen.every(({ headers }) => headers.authorization === `Bearer ${key}`));
  const written = generatedIn(folder);
  rmSync(join(folder, "sums.trajectories.jsonl"));
  const again = await generate(t, folder, "experiment.json");
  assert.equal(again.code, 0, again.stderr);
  assert.equal(server.seen.length, asked, "the cache has all scores");
  assert.equal(generatedIn(folder), written);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.some(({ name }) => name === "sums.judge-cache.jsonl"));
  for (const { parentPath, name } of files) assert.ok(!readFileSync(join(parentPath, name)).includes(key), name);
  for (const { stdout, stderr } of [first, again]) assert.ok(!`${stdout}${stderr}`.includes(key));
});

test("an endpoint that knows no such model ends the command in one sentence, and what was stored stays", async (t) => {
  const server = await chatServer(t, (response) => void response.writeHead(404).end());
  const folder = scriptedEpisodes(t, { spark: { judge: { kind: "endpoint", url: server.url, model: "judge-1" } } });
  const { code, stderr } = await generate(t, folder, "experiment.json");
  assert.equal(code, 1);
  assert.match(stderr, /judge-1/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});
