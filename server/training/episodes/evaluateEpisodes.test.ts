import assert from "node:assert/strict";
import test from "node:test";
import { Control } from "../control.ts";
import { loadHeldOutQuestions } from "../offline/loadEpisodeData.ts";
import { episodeExperiment } from "../testing/episodeWorkspace.ts";
import { MemoryRecorder, until } from "../testing/harness.ts";
import { PLAYER, ScriptedEngine } from "../testing/scriptedEngine.ts";
import { playHeldOut } from "./evaluateEpisodes.ts";

test("held-out questions are played several times each, alike at every step, also through a pause", async (t) => {
  const experiment = episodeExperiment(t, {
    experiment: { preset: "spark", heldOut: "sums.questions.jsonl" },
    settings: {
      evaluation: { episodes: 3, temperature: 1 },
      sampling: { promptsPerStep: 5 },
      optimizer: { promptsPerMiniBatch: 5 },
    },
    delay: 1,
  });
  const data = await loadHeldOutQuestions(experiment);
  t.after(() => data.world.environment.dispose());
  const engine = new ScriptedEngine({ ...experiment, device: "cpu" }, PLAYER);
  const play = async (step: number, control: Control) => {
    const recorder = new MemoryRecorder();
    const outcome = await playHeldOut({ experiment, engine, control, recorder }, data, step, "between");
    return { outcome, recorder };
  };
  const first = await play(0, new Control());
  const control = new Control();
  control.pause();
  const interrupted = play(4, control);
  await until("the evaluation to pause", () => control.state === "paused");
  control.resume();
  const second = await interrupted;
  assert.deepEqual({ ...second.outcome, step: 0 }, first.outcome);

  const { accuracy, choices } = first.outcome;
  const records = first.recorder.played.flatMap((piece) => piece.records);
  assert.equal(accuracy.rows, 21);
  assert.equal(records.length, 21);
  assert.equal(accuracy.correct, records.filter(({ correct }) => correct).length);
  assert.deepEqual(new Set(records.map(({ question, episode }) => `${question} ${episode}`)).size, 21);
  assert.equal(choices?.episodes, 3);
  assert.equal(
    choices?.turns,
    records.reduce((sum, { turns }) => sum + turns.length, 0),
  );
  for (const { reason, correct } of records)
    assert.match(reason, correct ? /is right\.$/ : /right is|ran out|became longer/);
  const texts = (at: number) =>
    records.filter(({ episode }) => episode === at).map(({ turns }) => turns.map(({ action }) => action));
  assert.notDeepEqual(texts(0), texts(1), "episodes of a question are drawn apart");
});
