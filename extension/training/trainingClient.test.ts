import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { fakeExperiment, temporaryFolder, until } from "../../server/training/testing/harness.ts";
import { TrainingClient } from "./trainingClient.ts";

const setup = { extension: "none", storage: "none", version: "0.0.0" };

function clientOf(t: TestContext, program: string) {
  const heard = { troubles: [] as string[], gone: [] as string[], runs: 0 };
  const client = new TrainingClient(program, setup, {
    runs: () => heard.runs++,
    phase: () => {},
    trouble: (message) => heard.troubles.push(message),
    gone: (message) => heard.gone.push(message),
  });
  t.after(() => client.dispose());
  return { client, heard };
}

test("a worker that dies takes along what it followed, and the next one follows it again", async (t) => {
  const program = join(temporaryFolder(t), "mortal.mjs");
  // It dies of the first file that it is to follow, as soon as its folder can be made, and follows the second time.
  writeFileSync(
    program,
    `import { mkdirSync } from "node:fs";
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ id, method, params }) => {
  if (method === "followJudging") {
    try { mkdirSync(params.files[0]); process.exit(1); } catch {}
    parentPort.postMessage({ jsonrpc: "2.0", method: "judging", params: [params.files] });
  }
  parentPort.postMessage({ jsonrpc: "2.0", id, result: [] });
});`,
  );
  const told: unknown[] = [];
  const client = new TrainingClient(program, setup, {
    runs: () => {},
    phase: () => {},
    trouble: () => {},
    gone: () => {},
    judging: (list) => told.push(list),
  });
  t.after(() => client.dispose());
  const file = `${program}.judging`;
  await assert.rejects(client.followJudging([file]));
  await until("the next worker to follow", () => told.length > 1);
  assert.deepEqual(told, [[], [file]]);
});

const worker = join(import.meta.dirname, "worker", "main.ts");

test("the worker answers, and an input's fault comes over with its place", async (t) => {
  const { file } = fakeExperiment(t);
  writeFileSync(file, '{\n  "name": 7\n}');
  const { client } = clientOf(t, worker);
  assert.deepEqual(await client.look({ experiments: [file], records: [] }), []);
  await assert.rejects(client.start({ experiment: file, another: false }), (error) => {
    assert.ok(error instanceof InputError);
    assert.equal(error.place?.file, file);
    assert.equal(typeof error.place?.line, "number");
    return true;
  });
});

test("requests under way are given up when the window closes", async (t) => {
  const { file } = fakeExperiment(t);
  const { client } = clientOf(t, worker);
  const asked = client.look({ experiments: [file], records: [] });
  client.dispose();
  await assert.rejects(asked, { name: "AbortError" });
  await assert.rejects(client.pause("any"), { name: "AbortError" });
});

test("a worker that dies again and again is not started for ever", async (t) => {
  const program = join(temporaryFolder(t), "dying.mjs");
  writeFileSync(program, 'throw new Error("it cannot live");');
  const { client, heard } = clientOf(t, program);
  await assert.rejects(client.look({ experiments: [], records: [] }));
  await until("the end of the attempts", () => heard.gone.length > 0);
  assert.equal(heard.troubles.length, 2);
  assert.match(heard.gone[0] ?? "", /it cannot live/);
  assert.equal(heard.gone.length, 1);
});

test("devices are tested in the worker: told as they come, and given up when somebody cancels", async (t) => {
  fakeExperiment(t);
  const { client } = clientOf(t, worker);
  const told: string[] = [];
  const decision = await client.checkDevices(["cpu"], new AbortController().signal, {
    stage: ({ device, stage }) => told.push(`${device}: ${stage}`),
    report: ({ device, state }) => told.push(`${device} ${state}`),
  });
  assert.equal(decision.name, "cpu");
  assert.equal(told[0], "cpu: opening");
  assert.equal(told.at(-1), "cpu works");

  const controller = new AbortController();
  const reported: string[] = [];
  const cancelled = client.checkDevices(["cpu", "cuda"], controller.signal, {
    stage: () => controller.abort(),
    report: ({ device }) => reported.push(device),
  });
  await assert.rejects(cancelled, { name: "AbortError" });
  assert.deepEqual(reported, []);
});
