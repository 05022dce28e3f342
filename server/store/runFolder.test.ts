import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { PPO_DEFAULTS } from "../../schemas/ppo.ts";
import { PRESETS } from "../../schemas/presets.ts";
import { InputError } from "../../schemas/problem.ts";
import { RUN_FORMAT, type RunRecord } from "../../schemas/run.ts";
import { SPARK_DEFAULTS } from "../../schemas/spark.ts";
import { replaceFile, writeJson } from "./atomicFile.ts";
import { hashInput } from "./hashInput.ts";
import { NewerVersion } from "./newerVersion.ts";
import { createRunFolder, listRuns, readRunRecord, updateRunRecord, writeRunRecord } from "./runFolder.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "runs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const time = new Date(2026, 10, 20, 14, 5, 9);

const { settings } = PRESETS.grpo;

const record: RunRecord = {
  format: RUN_FORMAT,
  id: "20261120-140509-first",
  name: "first",
  created: time.toISOString(),
  experiment: {
    name: "first",
    preset: "grpo",
    scale: "micro",
    file: "/w/first.experiment.json",
    model: "/w/model",
    tools: ["/w/a.tools.json"],
    train: "/w/train.samples.jsonl",
    heldOut: undefined,
    demonstrations: undefined,
    replacements: "/w/replacements",
    runs: "/w/runs",
    device: "cpu",
    threads: 2,
    seed: 1,
    settings,
  },
  versions: { product: "0.1.0", node: "24.21.0", onnxruntime: "1.30.0" },
  inputs: [{ file: "/w/train.samples.jsonl", sha256: "0".repeat(64), bytes: 12 }],
  state: "running",
  started: time.toISOString(),
};

test("a run gets a folder of its own, whatever is there already", () => {
  const runs = join(dir, "deep", "runs");
  const folders = [1, 2, 3].map(() => createRunFolder(runs, "first", time));
  assert.deepEqual(
    folders.map((folder) => basename(folder)),
    ["20261120-140509-first", "20261120-140509-first-2", "20261120-140509-first-3"],
  );
  assert.deepEqual(
    readdirSync(runs).sort(),
    folders.map((folder) => basename(folder)),
  );
});

test("a name that is no part of a path is the only one", () => {
  for (const name of ["", "../x", "a/b", ".hidden", "a".repeat(65), "a b"]) {
    assert.throws(() => createRunFolder(dir, name, time), InputError, name);
  }
  assert.deepEqual(readdirSync(dir), []);
});

test("a record comes back, is updated key by key, and leaves nothing beside it", () => {
  writeRunRecord(dir, record);
  const { heldOut, demonstrations, ...experiment } = record.experiment;
  assert.deepEqual([heldOut, demonstrations], [undefined, undefined]);
  const stored = { ...record, experiment };
  assert.deepEqual(readRunRecord(dir), stored);
  const ended = { state: "failed", ended: "2026-11-20T15:00:00.000Z", message: "It broke." } as const;
  assert.deepEqual(updateRunRecord(dir, ended), { ...stored, ...ended });
  assert.deepEqual(updateRunRecord(dir, { state: "running", ended: undefined, message: undefined }), stored);
  assert.deepEqual(readRunRecord(dir), stored);
  assert.deepEqual(readdirSync(dir), ["run.json"]);
});

test("a record of a newer version is refused as that, whatever else is in it", () => {
  writeJson(join(dir, "run.json"), { format: RUN_FORMAT + 1, unheard: "of" });
  assert.throws(
    () => readRunRecord(dir),
    (error) => error instanceof NewerVersion && /run\.json was written by a newer/.test(error.message),
  );
});

test("a record that is none is refused with its place", () => {
  writeFileSync(join(dir, "run.json"), JSON.stringify({ ...record, state: "dancing" }));
  assert.throws(
    () => readRunRecord(dir),
    (error) => error instanceof InputError && error.place?.key === "state",
  );
});

test("runs are listed newest first, damaged ones with what is wrong", () => {
  const [a, b, c] = ["a", "b", "c"].map((name, index) =>
    createRunFolder(dir, name, new Date(time.getTime() + index * 1000)),
  );
  writeRunRecord(a as string, record);
  writeFileSync(join(b as string, "run.json"), "{");
  writeRunRecord(c as string, record);
  mkdirSync(join(dir, "notes"));
  writeFileSync(join(dir, "file"), "");
  const listed = listRuns(dir);
  assert.deepEqual(
    listed.map((run) => run.dir),
    [c, b, a],
  );
  assert.deepEqual(
    listed.map((run) => "record" in run),
    [true, false, true],
  );
  assert.deepEqual(listRuns(join(dir, "none")), []);
});

test("a write that fails leaves the file as it was and nothing beside it", () => {
  const file = join(dir, "a.json");
  writeJson(file, { a: 1 });
  const fail = (): void =>
    replaceFile(file, (fd) => {
      writeFileSync(fd, "half");
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    });
  assert.throws(
    fail,
    (error) => error instanceof InputError && error.message.includes(file) && /no room left/.test(error.message),
  );
  assert.equal(readFileSync(file, "utf8"), '{\n  "a": 1\n}\n');
  assert.deepEqual(readdirSync(dir), ["a.json"]);
});

test("inputs are hashed whole", () => {
  const file = join(dir, "a");
  writeFileSync(file, "abc");
  // FIPS 180-2, appendix B.1.
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.deepEqual(hashInput(file), { file, sha256, bytes: 3 });
  assert.throws(() => hashInput(join(dir, "none")), InputError);
});

test("a record of format 2 is read as the run that it was: nothing computed twice, no token weighted", () => {
  const folder = join(dir, "older");
  mkdirSync(folder);
  const { importanceCap: _i, ...objective } = settings.objective;
  const { checkpointing: _c, ...optimizer } = settings.optimizer;
  const { experiment } = record;
  const earlier = { ...settings, objective, optimizer };
  writeJson(join(folder, "run.json"), { ...record, format: 2, experiment: { ...experiment, settings: earlier } });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.deepEqual(read.experiment.settings, {
    ...settings,
    objective: { ...objective, importanceCap: 0 },
    optimizer: { ...optimizer, checkpointing: false },
  });
  assert.equal(read.experiment.replacements, experiment.replacements);
});

test("a record of format 2 is read as a run that trained every parameter", () => {
  const folder = join(dir, "old-full");
  mkdirSync(folder);
  const { adapter: _a, ...earlier } = settings;
  const engine = {
    device: "cpu",
    threads: 2,
    parameters: 1000,
    vocabulary: 10,
    architecture: "qwen2",
    runtime: "1.30.0",
    bitwiseReproducible: true,
  };
  const experiment = { ...record.experiment, settings: earlier };
  writeJson(join(folder, "run.json"), { ...record, format: 2, engine, experiment });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.equal(read.experiment.settings.adapter.kind, "none");
  assert.equal(read.experiment.replacements, record.experiment.replacements);
  assert.deepEqual(read.engine, { ...engine, trained: 1000 });
});

test("a record of format 1 is read as the run that it was: without hard sampling, decay and edits", () => {
  const folder = join(dir, "old");
  mkdirSync(folder);
  const {
    adapter: _a,
    curriculum: _c,
    stability: _s,
    prompt: _p,
    rewards: _r,
    probe,
    optimizer,
    ...earlier
  } = settings;
  const { mode: _m, ...earlierProbe } = probe;
  const { decay: _d, ...earlierOptimizer } = optimizer;
  const { replacements: _f, ...experiment } = record.experiment;
  writeJson(join(folder, "run.json"), {
    ...record,
    format: 1,
    experiment: { ...experiment, settings: { ...earlier, probe: earlierProbe, optimizer: earlierOptimizer } },
  });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.equal(read.experiment.settings.curriculum.mode, "none");
  assert.equal(read.experiment.settings.curriculum.replacements, false);
  assert.equal(read.experiment.settings.optimizer.decay.factor, 1);
  assert.equal(read.experiment.settings.probe.rollouts, probe.rollouts);
  assert.equal(read.experiment.replacements, "/w/replacements");
});

test("a record of format 2 is read with the number of sequences that its version decoded together", () => {
  const folder = join(dir, "format2");
  mkdirSync(folder);
  const { maxSequences: _, ...sampling } = settings.sampling;
  const experiment = { ...record.experiment, settings: { ...settings, sampling } };
  writeJson(join(folder, "run.json"), { ...record, format: 2, experiment });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.equal(read.experiment.settings.sampling.maxSequences, 256);
  assert.equal(read.plan, undefined);
});

test("a record of format 4 is read as a run without episodes whose products were all float32", () => {
  const folder = join(dir, "format4");
  mkdirSync(folder);
  const { spark: _, ppo: __, evaluation, ...rest } = settings;
  const { precision: ___, ...optimizer } = settings.optimizer;
  const { every, rows } = evaluation;
  const experiment = { ...record.experiment, settings: { ...rest, optimizer, evaluation: { every, rows } } };
  writeJson(join(folder, "run.json"), { ...record, format: 4, experiment });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.deepEqual(read.experiment.settings.spark, SPARK_DEFAULTS);
  assert.deepEqual(read.experiment.settings.ppo, PPO_DEFAULTS);
  assert.deepEqual(read.experiment.settings.evaluation, { every, rows, episodes: 4, temperature: 0.7 });
  assert.deepEqual(read.experiment.settings.optimizer, { ...optimizer, precision: "f32" });
});

test("a record of format 3 is read as a run whose weights were all float32", () => {
  const folder = join(dir, "format3");
  mkdirSync(folder);
  const { base: _b, block: _k, ...adapter } = { ...settings.adapter, kind: "lora" as const, rank: 8 };
  const engine = {
    device: "cpu",
    threads: 2,
    parameters: 1000,
    trained: 10,
    vocabulary: 10,
    architecture: "qwen2",
    runtime: "1.30.0",
    bitwiseReproducible: true,
  };
  const experiment = { ...record.experiment, settings: { ...settings, adapter } };
  writeJson(join(folder, "run.json"), { ...record, format: 3, engine, experiment });
  const read = readRunRecord(folder);
  assert.equal(read.format, RUN_FORMAT);
  assert.deepEqual(read.experiment.settings.adapter, { ...adapter, base: "f32", block: 32 });
  assert.deepEqual(read.engine, engine, "what it trained stays");
});
