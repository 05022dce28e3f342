import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { readCheckpoint, writeCheckpoint } from "../checkpoint.ts";
import type { Run } from "../context.ts";
import { Control } from "../control.ts";
import { createOnnxEngine } from "../engine/onnx/engine.ts";
import { loadData } from "../loadData.ts";
import { fromCheckpoint, newProgress, saveProgress, toCheckpoint } from "../progress.ts";
import { engineOptions } from "../server/supervisor.ts";
import { episodeExperiment, sumQuestion } from "../testing/episodeWorkspace.ts";
import { generated } from "../testing/generation.ts";
import { MemoryRecorder, temporaryFolder } from "../testing/harness.ts";
import type { Script } from "../testing/scriptedEngine.ts";
import { learnStoredTurns } from "./offline.ts";

/** Answers right or wrong by chance; its calls are often broken. */
const script: Script = (prompt, u) => {
  const [, a = 0, b = 0] = (/How much are (\d+) and (\d+)/.exec(prompt) ?? []).map(Number);
  const turn = prompt.slice(prompt.lastIndexOf("assistant\n"));
  if (turn.includes("<answer>")) return `${u < 0.5 ? a + b : a}</answer>`;
  return turn.includes("<tool_call>") ? `a": ${a}, "b": ${b}}}\n</tool_call>` : "";
};

async function onnxRun(t: TestContext, experiment: ResolvedExperiment, folder: string) {
  const engine = await createOnnxEngine(engineOptions(experiment));
  const data = await loadData(experiment);
  t.after(() => engine.dispose());
  const recorder = new MemoryRecorder();
  const run: Run & { recorder: MemoryRecorder } = {
    folder,
    experiment,
    data,
    engine,
    control: new Control(),
    recorder,
    progress: newProgress(experiment, data),
    edits: { at: () => [] },
    saveCheckpoint: async () => {
      await writeCheckpoint(folder, toCheckpoint(run.progress, 1), 100, async (dir) => {
        await engine.save(dir);
        saveProgress(dir, run.progress);
      });
    },
  };
  return run;
}

test("the engine proper learns stored turns, with an adapter or whole, and goes on from the middle of an epoch to the same bits", async (t) => {
  const policy = join(import.meta.dirname, "../../../examples/quickstart/policy");
  for (const kind of ["none", "lora"] as const) {
    const experiment = episodeExperiment(t, {
      experiment: { preset: "spark", model: policy },
      allow: [policy],
      questions: [0, 1, 2].map(sumQuestion),
      settings: {
        lengths: { prompt: 640, response: 96 },
        sampling: { promptsPerStep: 2 },
        objective: { beta: 0.02, entropy: 0.001 },
        adapter: { kind, base: "f32", rank: 4 },
        optimizer: { promptsPerMiniBatch: 2, warmupSteps: 0 },
        ppo: { epochs: 2 },
        checkpoints: { every: 1 },
      },
      spark: { steps: 2, thought: 16, observation: 32, wave: 2 },
    });
    await generated(experiment, { script });
    const [folder, other] = [temporaryFolder(t), temporaryFolder(t)];
    const whole = await onnxRun(t, experiment, folder);
    await learnStoredTurns(whole);
    const { steps } = whole.recorder;
    const perEpoch = steps.length / 2;
    assert.ok(perEpoch >= 2, "there is no middle of an epoch");
    for (const { metrics } of steps) {
      for (const name of ["loss", "gradNorm", "valueLoss", "samplerKl", "referenceKl", "entropy"] as const)
        assert.ok(Number.isFinite(metrics[name]), `${name} is ${metrics[name]}`);
    }
    // The first update is on the policy that the epoch froze: scoring and updating differ by rounding alone.
    assert.ok(Math.abs(steps[0]?.metrics.samplerKl ?? 1) < 1e-8);
    assert.ok((steps.at(-1)?.metrics.samplerKl ?? 0) > 1e-8);

    const step = perEpoch + 1;
    const resumed = await onnxRun(t, experiment, other);
    const checkpoint = readCheckpoint(join(folder, "checkpoints", `step-${step}`));
    await resumed.engine.load(checkpoint.dir);
    const progress = fromCheckpoint(checkpoint, experiment, resumed.data, []);
    Object.assign(resumed, { progress });
    await learnStoredTurns(resumed);
    const trained = kind === "none" ? "model.safetensors" : "adapter_model.safetensors";
    for (const name of [trained, "optimizer.safetensors", "value_head.safetensors", "frozen.safetensors"]) {
      const [mine, theirs] = [other, folder].map((run) =>
        readFileSync(join(run, "checkpoints", `step-${steps.length}`, name)),
      );
      assert.ok(mine?.equals(theirs as Buffer), `${name} of ${kind}`);
    }
  }
});
