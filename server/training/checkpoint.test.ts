import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../../schemas/problem.ts";
import { writeJson } from "../store/atomicFile.ts";
import { NewerVersion } from "../store/newerVersion.ts";
import { type Checkpoint, cleanCheckpoints, latestCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { readSafetensors, type TensorData, writeSafetensors } from "./engine/safetensors.ts";

let run = "";
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), "checkpoint-"));
});
afterEach(() => rmSync(run, { recursive: true, force: true }));

const names = (): string[] => readdirSync(join(run, "checkpoints")).sort();
const at = (step: number, ...rest: string[]): string => join(run, "checkpoints", `step-${step}`, ...rest);
const stateOf = (step: number) => ({ step, optimizerStep: step * 4, state: { hard: ["a", "b"], step } });

async function fill(dir: string): Promise<void> {
  const tensor = { dtype: "F32", shape: [3], data: Float32Array.of(1, 2, 3) } as const;
  writeSafetensors(join(dir, "model.safetensors"), new Map([["w", { ...tensor, shape: [3] }]]));
  mkdirSync(join(dir, "tokenizer"));
  writeFileSync(join(dir, "tokenizer", "tokenizer.json"), "{}");
}
const write = (step: number, keep = 9): Promise<string> => writeCheckpoint(run, stateOf(step), keep, fill);

test("a checkpoint comes back with its state and files", async () => {
  assert.equal(latestCheckpoint(run), undefined);
  assert.equal(await write(3), at(3));
  assert.deepEqual(latestCheckpoint(run), { dir: at(3), ...stateOf(3) });
  assert.deepEqual(readCheckpoint(at(3)), latestCheckpoint(run));
  assert.deepEqual(readdirSync(at(3)).sort(), ["model.safetensors", "state.json", "tokenizer"]);
});

test("the newest is the one with the greatest step, and only as many as wanted stay", async () => {
  for (const step of [0, 2, 9, 10, 11]) await write(step, 3);
  assert.deepEqual(names(), ["step-10", "step-11", "step-9"]);
  assert.equal(latestCheckpoint(run)?.step, 11);
});

test("checkpoints of steps that the run has gone back behind are removed", async () => {
  for (const step of [5, 10]) await write(step);
  truncateSync(at(10, "model.safetensors"), 20);
  await write(8, 1);
  assert.deepEqual(names(), ["step-8"], "a damaged newer one never crowds out the only good one");
});

test("a checkpoint of the same step takes the place of the earlier one", async () => {
  await write(4);
  writeFileSync(at(4, "mark"), "");
  await write(4);
  assert.deepEqual(names(), ["step-4"]);
  assert.deepEqual(readdirSync(at(4)).sort(), ["model.safetensors", "state.json", "tokenizer"]);
});

const damages: [string, () => void, RegExp][] = [
  ["a missing state", () => rmSync(at(2, "state.json")), /no such file/],
  ["a cut state", () => truncateSync(at(2, "state.json"), 30), /./],
  ["a state that is another file", () => writeJson(at(2, "state.json"), { format: 1 }), /missing/],
  ["a missing model", () => rmSync(at(2, "model.safetensors")), /model\.safetensors is missing/],
  ["a cut model", () => truncateSync(at(2, "model.safetensors"), 70), /has 70 bytes instead of/],
  ["a missing file in a folder", () => rmSync(at(2, "tokenizer", "tokenizer.json")), /tokenizer\.json is missing/],
  [
    "a model of the right size whose header is gone",
    () => writeFileSync(at(2, "model.safetensors"), Buffer.alloc(statSync(at(2, "model.safetensors")).size)),
    /model\.safetensors is not a safetensors file/,
  ],
];

for (const [what, damage, message] of damages) {
  test(`the one before is taken instead of one with ${what}`, async () => {
    await write(1);
    await write(2);
    damage();
    const reasons: InputError[] = [];
    assert.equal(latestCheckpoint(run, (reason) => reasons.push(reason))?.step, 1);
    assert.equal(reasons.length, 1);
    assert.match((reasons[0] as InputError).message, message);
    rmSync(at(1), { recursive: true });
    assert.equal(latestCheckpoint(run), undefined);
  });
}

test("a checkpoint of a newer version is refused, not passed over", async () => {
  await write(1);
  await write(2);
  writeJson(at(2, "state.json"), { format: 2, other: true });
  assert.throws(() => latestCheckpoint(run), NewerVersion);
});

test("a write that fails leaves earlier checkpoints and nothing else", async () => {
  await write(1);
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const failing = (step: number, error: Error): Promise<string> =>
    writeCheckpoint(run, stateOf(step), 1, async (dir) => {
      await fill(dir);
      throw error;
    });
  await assert.rejects(
    failing(2, full),
    (error) => error instanceof InputError && /step-2 .*earlier checkpoints are whole/.test(error.message),
  );
  await assert.rejects(failing(1, new Error("a bug")), /a bug/);
  assert.deepEqual(names(), ["step-1"]);
  assert.equal(latestCheckpoint(run)?.step, 1);
});

test("what a killed process left is cleared away, and a checkpoint that had given way comes back", async () => {
  await write(1);
  await write(2);
  mkdirSync(join(run, "checkpoints", ".step-3.tmp-1-aaaa"));
  mkdirSync(join(run, "checkpoints", ".step-1.old-1-aaaa"));
  renameSync(at(2), join(run, "checkpoints", ".step-2.old-1-bbbb"));
  mkdirSync(join(run, "checkpoints", "notes"));
  cleanCheckpoints(run);
  assert.deepEqual(names(), ["notes", "step-1", "step-2"]);
  assert.equal(latestCheckpoint(run)?.step, 2);
  cleanCheckpoints(tmpdir());
});

function checkWhole({ dir, step, optimizerStep, state }: Checkpoint): void {
  assert.deepEqual([optimizerStep, state], [2 * step, { step }]);
  for (const name of ["model", "optimizer"]) {
    const { tensors } = readSafetensors(join(dir, `${name}.safetensors`));
    const { data } = tensors.get("w") as TensorData;
    assert.ok(data.length === 20_000 && data.every((value) => value === step));
  }
}

test("whatever moment a process is killed at, the newest checkpoint is whole and none that was finished is lost", async () => {
  const script = fileURLToPath(new URL("testing/endlessCheckpoints.ts", import.meta.url));
  let last = 0;
  for (let round = 1; round <= 8; round++) {
    const child = spawn(process.execPath, [script, run], { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(child, "exit");
    let reported = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      reported += text;
    });
    await Promise.race([once(child.stdout, "data"), exit]);
    assert.equal(child.exitCode, null);
    // Anywhere in the checkpoint that is being written then, or in one of the next.
    await pause((round * 7919) % 61);
    child.kill("SIGKILL");
    await exit;
    const finished = Math.max(last, ...reported.split("\n").slice(0, -1).map(Number));
    const latest = latestCheckpoint(run, (reason) => assert.fail(reason));
    assert.ok(latest && latest.step >= finished, `step ${finished} was finished, ${latest?.step} is there`);
    checkWhole(latest);
    last = latest.step;
  }
});
