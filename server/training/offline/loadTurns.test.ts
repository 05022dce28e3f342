import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { tinyConfig } from "../../prompts/testing/tinyModel.ts";
import { openWorld } from "../episodes/openWorld.ts";
import { resolveExperiment } from "../experiment.ts";
import { loadData } from "../loadData.ts";
import { takenTurns } from "../spark/readTrajectories.ts";
import { episodeExperiment, sumQuestion } from "../testing/episodeWorkspace.ts";
import { generated } from "../testing/generation.ts";
import { storedTurnsExperiment } from "../testing/storedTurns.ts";

const besides = ({ file }: ResolvedExperiment, name: string): string => join(dirname(file), name);

const refused = (experiment: ResolvedExperiment, message: RegExp): Promise<void> =>
  assert.rejects(loadData(experiment), { name: "InputError", message });

test("a turn is what the policy read and wrote, and is paid what the file says", async (t) => {
  const experiment = await storedTurnsExperiment(t);
  const lines = (await generated(experiment)).flatMap((line) => ("turns" in line ? [line] : []));
  const { episodes } = await loadData(experiment);
  const world = await openWorld(experiment, false);
  assert.equal(episodes?.episodes.length, lines.length);
  for (const [index, line] of lines.entries()) {
    const { turns, record } = episodes.episodes[index] as (typeof episodes.episodes)[number];
    assert.equal(record.question, line.question);
    assert.equal(record.correct, line.correct);
    for (const [turn, { prompt, completion, reward, viable }] of turns.entries()) {
      const stored = line.turns[turn];
      assert.ok(stored);
      const before = takenTurns(line).slice(0, turn);
      assert.deepEqual(
        prompt,
        world.renderer.prompt({ id: line.question, query: line.query, tools: line.tools }, before).tokens,
      );
      assert.equal(world.renderer.written(completion).trimEnd(), stored.completion.trimEnd());
      assert.equal(completion.at(-1), 264, "the end of the sequence ends the turn");
      const { quality, diversity, terminal } = stored.reward;
      assert.equal(reward, quality + diversity + terminal);
      assert.equal(viable, stored.by !== "best");
    }
  }
});

test("turns that were cut off are no longer than the budget, with the end that they get", async (t) => {
  const lengths = { prompt: 4000, response: 120 };
  const endless = { script: () => "on".repeat(500), spark: { thought: 20 } };
  const { episodes } = await loadData(await storedTurnsExperiment(t, { settings: { lengths }, ...endless }));
  const tokens = episodes?.turns.map(({ completion }) => completion.length) ?? [];
  assert.equal(Math.max(...tokens), lengths.response, `${tokens}`);
});

test("other weights than those of the file pay its turns anew", async (t) => {
  const stored = { quality: 1, diversity: 0.5, terminal: 1 };
  const weights = { quality: 2, diversity: 0.25, terminal: 3 };
  const experiment = await storedTurnsExperiment(t, { spark: { weights: stored } });
  const { episodes: before } = await loadData(experiment);
  const { episodes: now } = await loadData({
    ...experiment,
    settings: { ...experiment.settings, spark: { ...experiment.settings.spark, weights } },
  });
  for (const [index, { record }] of (now?.episodes ?? []).entries()) {
    const earlier = before?.episodes[index]?.record;
    for (const [turn, { paid }] of record.turns.entries()) {
      const old = earlier?.turns[turn]?.paid;
      assert.ok(paid && old);
      assert.ok(Math.abs((paid.parts.quality as number) - 2 * (old.parts.quality as number)) < 1e-12);
      assert.ok(Math.abs((paid.parts.diversity as number) - 0.5 * (old.parts.diversity as number)) < 1e-12);
      assert.equal(paid.parts.terminal, 3 * (old.parts.terminal as number));
    }
  }
});

test("an end that was worth nothing when it was stored is worth what the run says", async (t) => {
  const weights = { quality: 1, diversity: 0.5, terminal: 0 };
  const experiment = await storedTurnsExperiment(t, { spark: { weights } });
  const spark = { ...experiment.settings.spark, weights: { ...weights, terminal: 2 } };
  const { episodes } = await loadData({ ...experiment, settings: { ...experiment.settings, spark } });
  const ends = new Set<boolean>();
  for (const { record } of episodes?.episodes ?? []) {
    const terminals = record.turns.map(({ paid }) => paid?.parts.terminal);
    assert.deepEqual(terminals, [...terminals.slice(1).map(() => 0), record.correct ? 2 : -2]);
    ends.add(record.correct);
  }
  assert.equal(ends.size, 2, "right ones and wrong ones");
});

test("what was made from something else than the experiment names is refused in a sentence", async (t) => {
  const questions = await storedTurnsExperiment(t);
  appendFileSync(questions.train, `${JSON.stringify(sumQuestion(30))}\n`);
  await refused(questions, /generated with other questions than the experiment names under train/);

  const tools = await storedTurnsExperiment(t);
  appendFileSync(besides(tools, "sums.tools.json"), "\n");
  await refused(tools, /generated with other tools than the experiment names under tools/);

  const template = await storedTurnsExperiment(t);
  const config = tinyConfig();
  const text = String(config.chat_template).replaceAll("<tools>", "<these>");
  writeFileSync(besides(template, "model/tokenizer_config.json"), JSON.stringify({ ...config, chat_template: text }));
  await refused(template, /with another tokenizer or chat template/);

  const weight = await storedTurnsExperiment(t, { spark: { weights: { quality: 1, diversity: 0, terminal: 1 } } });
  const { spark } = weight.settings;
  const settings = { ...weight.settings, spark: { ...spark, weights: { ...spark.weights, diversity: 1 } } };
  await refused({ ...weight, settings }, /with the weight 0, so that nothing in them says how rare a choice was/);
});

test("trajectories that are missing, cut off or too few are refused with the way out", async (t) => {
  const experiment = await storedTurnsExperiment(t);
  const { trajectories = "" } = experiment;
  const lines = readFileSync(trajectories, "utf8").trimEnd().split("\n");
  const few = { ...experiment.settings, sampling: { ...experiment.settings.sampling, promptsPerStep: 1000 } };
  await refused({ ...experiment, settings: few }, /A step learns 1000 different turns and there are only \d+\. Lower/);
  const tight = { ...experiment.settings, lengths: { prompt: 4000, response: 8 } };
  await refused({ ...experiment, settings: tight }, /targets are longer than the budget of 8 tokens/);
  writeFileSync(trajectories, `${lines.slice(0, 4).join("\n")}\n`);
  await refused(experiment, /Of 8 questions only 3 have their trajectory; go on with: toolexpander generate/);
  const second = JSON.parse(lines[1] as string) as { turns: { chosen: number }[] };
  (second.turns[0] as { chosen: number }).chosen = 99;
  writeFileSync(trajectories, [lines[0], JSON.stringify(second), ...lines.slice(2), ""].join("\n"));
  await refused(experiment, /There is no candidate 99/);
  await refused(
    { ...experiment, trajectories: `${trajectories}.none` },
    /There are no trajectories yet; make them first/,
  );
});

test("presets that learn from samples refuse trajectories, and spark wants some", async (t) => {
  const grpo = episodeExperiment(t);
  await refused(grpo, /the preset "grpo" learns from samples; take "spark" or "sft"/);
  const { trajectories: _, ...without } = { ...grpo, preset: "spark" as const };
  await refused(without, /name their file under trajectories/);
});

test("supervised training imitates the turns in which an action was viable, and no others", async (t) => {
  const experiment = await storedTurnsExperiment(t, {
    experiment: { preset: "sft" },
    settings: { objective: { beta: 0 } },
  });
  const { lessons, episodes } = await loadData(experiment);
  const viable = episodes?.turns.filter((turn) => turn.viable) ?? [];
  assert.ok(viable.length > 0 && viable.length < (episodes?.turns.length ?? 0));
  assert.equal(lessons.count, viable.length);
  assert.deepEqual(
    viable.map((_, index) => lessons.at(index)),
    viable.map(({ prompt, completion }) => ({ prompt, target: completion })),
  );
});

test("an experiment of preset spark keeps to what it can learn from", (t) => {
  const experiment = episodeExperiment(t, { experiment: { preset: "spark" } });
  const withSettings = (settings: object): void => {
    const own = JSON.parse(readFileSync(experiment.file, "utf8")) as { settings: object };
    writeFileSync(experiment.file, JSON.stringify({ ...own, settings: { ...own.settings, ...settings } }));
    resolveExperiment(experiment.file, {});
  };
  for (const [settings, message] of [
    [{ probe: { before: true } }, /a probe could draw/],
    [{ probe: {}, curriculum: { mode: "replace" } }, /no rows that could be hard/],
    [{ curriculum: {}, sampling: { groupSize: 4 } }, /One action was taken/],
    [{ sampling: {}, objective: { beta: 0.1, klPlacement: "reward" } }, /Stored rewards stay/],
    [{ objective: { importanceCap: 2 } }, /nothing to weight/],
    [{ objective: {}, optimizer: { promptsPerMiniBatch: 8 } }, /is one optimizer step/],
  ] as const)
    assert.throws(() => withSettings(settings), { name: "InputError", message });
});
