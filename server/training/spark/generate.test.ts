import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import {
  isSkipped,
  type Trajectory,
  TrajectoryHeader,
  type TrajectoryLine,
  trajectorySchema,
} from "../../../schemas/trajectories.ts";
import { follows } from "../../toolcalls/check.ts";
import { faultOf } from "../../toolcalls/testing/files.ts";
import { seedFor } from "../draw.ts";
import { createOnnxEngine } from "../engine/onnx/engine.ts";
import { openWorld } from "../episodes/openWorld.ts";
import { loadQuestions } from "../episodes/questions.ts";
import { parseTurn } from "../episodes/turn.ts";
import { resolveExperiment } from "../experiment.ts";
import { engineOptions } from "../server/supervisor.ts";
import { episodeExperiment, sumQuestion, writeEpisodes } from "../testing/episodeWorkspace.ts";
import { fileOf, generated, textOf } from "../testing/generation.ts";
import { temporaryFolder } from "../testing/harness.ts";
import { generateTrajectories } from "./generate.ts";
import { headerOf } from "./header.ts";
import { ExactJudge } from "./judges/exact.ts";
import type { ActionJudge, Turn, Verdict } from "./judges/judge.ts";
import { chooseCandidate, ToolCounts } from "./rarity.ts";
import { TrajectoryTally } from "./trajectoryTable.ts";

const finished = (lines: readonly TrajectoryLine[]): Trajectory[] =>
  lines.map((line) => (isSkipped(line) ? assert.fail(line.skipped) : line));

const lineEnds = (text: string): number[] => Array.from(text.matchAll(/\n/g), ({ index }) => index + 1);

test("a file of trajectories says what made it, and every choice and reward in it follows from it", async (t) => {
  const experiment = episodeExperiment(t);
  const lines = finished(await generated(experiment));
  const [head = "", ...rest] = textOf(experiment).trimEnd().split("\n");
  assert.ok(follows(TrajectoryHeader, JSON.parse(head)));
  assert.deepEqual(
    rest.map((text) => JSON.parse(text)),
    lines,
  );
  assert.deepEqual(
    lines.map(({ question }) => question),
    Array.from({ length: 7 }, (_, index) => `sum ${index}`),
  );

  const { spark } = experiment.settings;
  // In the order in which the choices were made: wave by wave, and in a wave turn by turn.
  const counts = new ToolCounts();
  for (let wave = 0; wave < lines.length; wave += spark.wave) {
    const beside = lines.slice(wave, wave + spark.wave);
    for (let turn = 0; turn < spark.steps; turn++) {
      for (const { turns } of beside) {
        const made = turns[turn];
        if (made === undefined) continue;
        const { candidates, chosen, by, viable, reward } = made;
        assert.deepEqual({ chosen, by, viable }, chooseCandidate(candidates, spark, counts));
        const { tool = null, score = -1 } = candidates[chosen] ?? {};
        assert.equal(reward.quality, score / 10);
        assert.equal(reward.diversity, by === "best" ? 0 : 0.5 * (1 - counts.share(tool)));
        counts.add(tool);
      }
    }
  }
  for (const line of lines) {
    assert.ok(follows(trajectorySchema(line), line));
    const question = sumQuestion(Number(line.question.slice(4)));
    assert.deepEqual(line.accepted, [question.answer]);
    for (const [index, { thought, candidates, chosen, completion, observation, reward }] of line.turns.entries()) {
      assert.deepEqual(
        candidates.map(({ tool }) => tool),
        [...question.tools, null],
      );
      const taken = candidates[chosen];
      const read = parseTurn(completion);
      assert.ok(taken && completion.endsWith(taken.text));
      if (taken.action.kind !== "broken") assert.deepEqual([read.thought, read.action], [thought, taken.action]);
      assert.equal(observation === undefined, taken.action.kind === "answer");
      const last = index === line.turns.length - 1;
      assert.equal(reward.terminal, last ? (line.correct ? 1 : -1) : 0);
      assert.equal(taken.action.kind === "answer", last && line.end === "answered");
    }
  }
  const chosen = lines.flatMap(({ turns }) => turns.map((turn) => turn.by));
  assert.ok(chosen.includes("least-used") && chosen.includes("best"), "both happen here");
});

test("generated twice it is the same to the byte; another seed or rule is another data set", async (t) => {
  const texts: string[] = [];
  for (const changes of [{}, {}, { seed: 8 }]) {
    const experiment = episodeExperiment(t, { experiment: changes });
    await generated(experiment);
    texts.push(textOf(experiment).replace('"seed":8', '"seed":7'));
  }
  assert.equal(texts[0], texts[1]);
  assert.notEqual(texts[0], texts[2]);
});

test("a rule that counts nothing chooses the same however many episodes go side by side", async (t) => {
  const choices: unknown[] = [];
  for (const wave of [1, 2, 7]) {
    const lines = finished(await generated(episodeExperiment(t, { spark: { rule: "lowest-viable", wave } })));
    choices.push(lines.map(({ turns, ...line }) => [line, turns.map(({ reward: _, ...turn }) => turn)]));
  }
  assert.deepEqual(choices[1], choices[0]);
  assert.deepEqual(choices[2], choices[0]);
});

test("whatever is left of the file, going on with it gives the same bytes", async (t) => {
  const experiment = episodeExperiment(t);
  const all = await generated(experiment);
  const whole = readFileSync(fileOf(experiment));
  const ends = lineEnds(whole.toString("latin1"));
  const drawn = Array.from({ length: 6 }, (_, life) => seedFor(3, `cut ${life}`) % whole.length);
  for (const cut of [
    0,
    5,
    ends[0],
    ends[1],
    (ends[3] ?? 0) - 1,
    ends[3],
    ends[4],
    whole.length - 1,
    whole.length,
    ...drawn,
  ]) {
    writeFileSync(fileOf(experiment), whole.subarray(0, cut));
    const heard = await generated(experiment);
    assert.ok(readFileSync(fileOf(experiment)).equals(whole), `cut at byte ${cut} of ${whole.length}`);
    assert.deepEqual(heard, all, "what was there before is heard too");
  }
});

test("what a power cut left of the last wave is made anew, wherever it lies", async (t) => {
  const experiment = episodeExperiment(t);
  await generated(experiment);
  const whole = readFileSync(fileOf(experiment));
  const ends = lineEnds(whole.toString("latin1"));
  const torn = Buffer.from(whole);
  torn.fill(0, (ends.at(-2) ?? 0) + 10, (ends.at(-2) ?? 0) + 200);
  writeFileSync(fileOf(experiment), torn);
  await generated(experiment);
  assert.ok(readFileSync(fileOf(experiment)).equals(whole));
  // Earlier waves were synced: nobody but a person has changed them.
  torn.fill(0, (ends[1] ?? 0) + 10, (ends[1] ?? 0) + 200);
  writeFileSync(fileOf(experiment), torn);
  await assert.rejects(generated(experiment), /This line is no trajectory; put the file back/);
  assert.ok(readFileSync(fileOf(experiment)).equals(torn), "a file that is refused stays as it is");
});

test("going on under anything else is refused in one sentence, and changes nothing", async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "sums.trajectories.jsonl");
  await generated(resolveExperiment(writeEpisodes(folder), {}));
  const before = readFileSync(file, "utf8");
  const refused = async (what: RegExp, experiment: ResolvedExperiment, judge?: ActionJudge): Promise<void> => {
    const failure = await generated(experiment, judge ? { judge } : {}).catch((error: unknown) => error);
    const sentence = faultOf(folder, () => {
      throw failure;
    });
    assert.match(sentence, what);
    assert.equal(readFileSync(file, "utf8"), before);
  };
  const changed = (changes: Parameters<typeof writeEpisodes>[1]): ResolvedExperiment =>
    resolveExperiment(writeEpisodes(folder, changes), {});
  await refused(
    /^sums\.trajectories\.jsonl:1 \(settings\.rule\): These trajectories were begun with another settings\.rule \("least-used", and now "lowest-viable"\); put it back/,
    changed({ spark: { rule: "lowest-viable" } }),
  );
  await refused(/another seed \(7, and now 8\)/, changed({ experiment: { seed: 8 } }));
  await refused(/another settings\.weights\.terminal/, changed({ spark: { weights: { terminal: 2 } } }));
  await refused(/another judge/, changed({}), new ExactJudge(5));
  await refused(/another engine\.threads/, changed({ experiment: { threads: 2 } }));
  await refused(/another questions\./, changed({ questions: [sumQuestion(1)] }));
  await refused(
    /another environment\.functions/,
    changed({ files: { "world.mjs": "export default { add: () => 1 };" } }),
  );
  await refused(/another model\.sha256/, changed({ files: { "model/generation_config.json": "{}" } }));
});

test("a file of something else is never written over", async (t) => {
  const experiment = episodeExperiment(t);
  for (const text of ["my notes", "my notes\n", '{"trajectories":2}\n', `${JSON.stringify(sumQuestion(0))}\n`]) {
    writeFileSync(fileOf(experiment), text);
    await assert.rejects(generated(experiment), /This file is there and holds no trajectories; name another one/);
    assert.equal(textOf(experiment), text);
  }
});

/** Scores as the exact judge, unless told otherwise. */
class Judging implements ActionJudge {
  readonly identity = "judging";
  readonly #exact = new ExactJudge(6);
  readonly #other: (turn: Turn) => Verdict | undefined;

  constructor(other: (turn: Turn) => Verdict | undefined) {
    this.#other = other;
  }
  async judge(turn: Turn): Promise<Verdict> {
    return this.#other(turn) ?? this.#exact.judge(turn);
  }
  async close(): Promise<void> {}
}

test("a question whose judge is not understood is skipped and counted, and counts for nothing else", async (t) => {
  const experiment = episodeExperiment(t);
  const skipped = (turn: Turn): Verdict | undefined =>
    turn.question.id === "sum 1" && turn.before.length === 1 ? { kind: "skipped", why: "no JSON, thrice" } : undefined;
  const lines = await generated(experiment, { judge: new Judging(skipped) });
  assert.deepEqual(lines[1], {
    question: "sum 1",
    query: "How much are 2 and 5?",
    tools: ["add", "sum_up", "look_up"],
    skipped: "no JSON, thrice",
    turn: 1,
  });
  const tally = new TrajectoryTally();
  for (const line of lines) tally.add(line);
  const { questions, correct, skipped: why, turns, tools } = tally.table();
  assert.deepEqual([questions, correct.rows, why], [7, 6, { "no JSON, thrice": 1 }]);
  assert.equal(
    tools.reduce((sum, { chosen }) => sum + chosen, 0),
    turns,
  );
  const whole = textOf(experiment);
  writeFileSync(fileOf(experiment), whole.slice(0, lineEnds(whole)[3]));
  await generated(experiment, { judge: new Judging(skipped) });
  assert.equal(textOf(experiment), whole, "the counts of later waves leave it out");
});

test("a judge that needs somebody ends it with what was stored; one that keeps to nothing is a defect", async (t) => {
  const experiment = episodeExperiment(t);
  const needs = new Judging(({ question }) => {
    if (question.id === "sum 4") throw new InputError("There is no key for the judge.");
    return undefined;
  });
  await assert.rejects(generated(experiment, { judge: needs }), /There is no key for the judge/);
  assert.equal(lineEnds(textOf(experiment)).length, 1 + 3);
  for (const scores of [[], [1, 2, 3], [1, 2, Number.NaN], [1, 2, 11]])
    await assert.rejects(
      generated(experiment, { judge: new Judging(() => ({ kind: "scores", scores })) }),
      /The judge gave .* for \d candidates/,
    );
});

test("it can be cancelled within a wave, tells how far it is, and goes on to the same file", async (t) => {
  const undisturbed = episodeExperiment(t);
  await generated(undisturbed);
  const experiment = episodeExperiment(t);
  const cancelling = new AbortController();
  const seen: unknown[] = [];
  const stopped = generated(experiment, {
    signal: cancelling.signal,
    progress: (progress) => {
      seen.push(progress);
      if (progress.stored === 3 && progress.turn === 0) cancelling.abort();
    },
  });
  await assert.rejects(stopped, { name: "AbortError" });
  assert.deepEqual(seen[0], { stored: 0, questions: 7 });
  assert.deepEqual(seen.at(-2), { stored: 3, questions: 7 });
  assert.equal(lineEnds(textOf(experiment)).length, 1 + 3);
  await generated(experiment);
  assert.equal(textOf(experiment), textOf(undisturbed));
});

test("two processes do not write into each other's file", async (t) => {
  const experiment = episodeExperiment(t);
  let told = false;
  await assert.rejects(
    generated(experiment, {
      progress: ({ stored }) => {
        if (stored === 3 && !told) appendFileSync(fileOf(experiment), "x");
        told ||= stored === 3;
      },
    }),
    /Something else has written into this file meanwhile/,
  );
});

test("budgets that leave no room are named before anything is written", async (t) => {
  const refused = async (settings: object, spark: object, why: RegExp): Promise<void> => {
    const experiment = episodeExperiment(t, { settings, spark });
    await assert.rejects(generated(experiment), why);
    assert.throws(() => textOf(experiment), { code: "ENOENT" });
  };
  await refused(
    { lengths: { prompt: 100, response: 260 } },
    {},
    /7 of 7 prompts are longer than the budget of 100 tokens/,
  );
  await refused({ lengths: { prompt: 4000, response: 90 } }, { thought: 90 }, /A thought of 90 tokens leaves nothing/);
  await refused(
    { lengths: { prompt: 4000, response: 90 } },
    { thought: 80 },
    /of which a thought may take 80 .* the beginning of a call takes \d+ and the turn's end 1: nothing is left/,
  );
});

test("an episode whose conversation outgrows the prompt ends with that reason, and not well", async (t) => {
  const experiment = episodeExperiment(t, {
    settings: { lengths: { prompt: 1500, response: 260 } },
    files: { "world.mjs": `export default { add: () => "x".repeat(5000), sum_up: () => "y", look_up: () => "z" };` },
    spark: { observation: 1000 },
  });
  const lines = finished(await generated(experiment));
  const long = lines.filter(({ end }) => end === "prompt too long");
  assert.ok(long.length > 0);
  for (const { correct, turns } of long) assert.deepEqual([correct, turns.at(-1)?.reward.terminal], [false, -1]);
});

test("a trained policy on the engine proper writes the same file again", async (t) => {
  const quickstart = join(import.meta.dirname, "../../../examples/quickstart");
  const file = writeEpisodes(temporaryFolder(t), {
    experiment: { model: join(quickstart, "policy"), threads: 2 },
    questions: [0, 1, 2].map(sumQuestion),
    settings: { lengths: { prompt: 640, response: 96 } },
    spark: { steps: 2, thought: 16, observation: 32, wave: 2 },
  });
  const experiment = resolveExperiment(file, { allow: [quickstart] });
  const engine = await createOnnxEngine(engineOptions(experiment));
  const world = await openWorld(experiment);
  t.after(async () => {
    await engine.dispose();
    await world.environment.dispose();
  });
  const questions = loadQuestions(experiment.train, world.tools);
  const judge = new ExactJudge(6);
  const header = headerOf(experiment, {
    product: "1",
    judge: judge.identity,
    engine: engine.info,
    questions,
    renderer: world.renderer,
  });
  const texts: string[] = [];
  for (const name of ["one", "two"]) {
    const written = join(temporaryFolder(t), name);
    const { signal } = new AbortController();
    const lines: TrajectoryLine[] = [];
    const hear = (line: TrajectoryLine): number => lines.push(line);
    const options = { experiment, questions, world, judge, engine, header, file: written, signal };
    await generateTrajectories(options, hear);
    texts.push(readFileSync(written, "utf8"));
    for (const { turns } of finished(lines))
      for (const { candidates } of turns)
        for (const { tool, text } of candidates)
          assert.ok(text.startsWith(tool === null ? "<answer" : `<tool_call>\n{"name":"${tool}`), text);
  }
  assert.equal(texts[0], texts[1]);
});
