import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import test from "node:test";
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import { findRuns } from "../training/client/discover.ts";
import { NODE_OPTIONS_OF_OURS } from "../training/nodeProcess.ts";
import { storedTurnsExperiment } from "../training/testing/storedTurns.ts";

async function cli(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [...NODE_OPTIONS_OF_OURS, join(import.meta.dirname, "../cli.ts"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: code as number | null, stdout, stderr };
}

test("train learns from trajectories, tells how tools are chosen, and eval plays what it made", async (t) => {
  const experiment = await storedTurnsExperiment(t, { settings: { evaluation: { every: 0 } } });
  const folder = dirname(experiment.file);
  const trained = await cli(folder, "train", "experiment.json", "--steps", "2");
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(
    trained.stdout,
    /held-out accuracy before \(step 0\): .* episodes; choice of tools [\d.]+ bits, [\d.]+ per question/,
  );
  assert.match(trained.stdout, /│ choice of tools after step 2 +│ choice of tools [\d.]+ bits/);
  assert.match(trained.stdout, /│ {3}\(plain reasoning\) +│ [\d.]+ %/);
  assert.match(trained.stdout, /│ passes over the stored turns +│ 0\.\d+/);
  assert.match(trained.stdout, /│ steps +│ 2 of 2 /);

  const [run] = findRuns([join(folder, "runs")]);
  assert.ok(run);
  const evaluated = await cli(folder, "eval", run.folder, "--json");
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const result = JSON.parse(evaluated.stdout.trim().split("\n").at(-1) ?? "") as EvaluationEvent;
  // The same policy, questions and random streams as after training.
  const { accuracyAfter, entropyBitsAfter } = run.record.results ?? {};
  assert.equal(result.accuracy.value, accuracyAfter);
  assert.equal(result.choices?.entropyBits, entropyBitsAfter);
  const shown = await cli(folder, "eval", "experiment.json", "--rows", "2");
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /of 4\) episodes, 2 of each question/);
  assert.match(shown.stdout, /│ tool +│ turns +│ share +│/);

  rmSync(experiment.trajectories ?? "");
  const refused = await cli(folder, "train", "experiment.json");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /There are no trajectories yet; make them first: toolexpander generate/);
  assert.equal(findRuns([join(folder, "runs")]).length, 1, "no folder was made");
});
