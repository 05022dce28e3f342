import assert from "node:assert/strict";
import { dirname } from "node:path";
import test, { type TestContext } from "node:test";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import type { PolicyEngine, Prompt } from "../engine/policyEngine.ts";
import { drawAll } from "../sampling.ts";
import { type EpisodeChanges, episodeExperiment } from "../testing/episodeWorkspace.ts";
import { type Script, ScriptedEngine } from "../testing/scriptedEngine.ts";
import { openWorld } from "./openWorld.ts";
import { type Draw, type PlacedQuestion, type PlayOptions, playEpisodes } from "./play.ts";
import { loadQuestions } from "./questions.ts";

const call = (name: string, args: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;

const drawing =
  (engine: PolicyEngine): Draw =>
  (prompts, sampling) =>
    drawAll(engine, prompts, { n: 1, sampling, signal: new AbortController().signal });

interface Played {
  experiment: ResolvedExperiment;
  engine: ScriptedEngine;
  questions: PlacedQuestion[];
  options: PlayOptions;
}

async function played(t: TestContext, script: Script, changes: EpisodeChanges = {}): Promise<Played> {
  const experiment = episodeExperiment(t, changes);
  const world = await openWorld(experiment);
  t.after(() => world.environment.dispose());
  const engine = new ScriptedEngine({ model: `${dirname(experiment.file)}/model`, device: "cpu", threads: 1 }, script);
  const questions = loadQuestions(experiment.train, world.tools).map((question, index) => ({ question, index }));
  const sampling = { temperature: 1, maxNewTokens: experiment.settings.lengths.response };
  return { experiment, engine, questions, options: { draw: drawing(engine), world, sampling, seed: 7, step: 0 } };
}

/** What the policy has seen since its question. */
const sinceQuestion = (prompt: string): string => prompt.slice(prompt.indexOf("<|start|>user"));

test("a policy thinks, calls, reads the result and answers", async (t) => {
  const { engine, questions, options } = await played(t, (prompt) => {
    const [, sum] = /"sum":(\d+)/.exec(sinceQuestion(prompt)) ?? [];
    const [, a, b] = /are (\d+) and (\d+)/.exec(prompt) ?? [];
    return sum
      ? `It is clear.\n<answer>${sum}</answer>`
      : `I add.\n${call("add", { a: Number(a), b: Number(b) })}\nWait.`;
  });
  const ended: number[] = [];
  const [episode, ...others] = await playEpisodes(questions, { ...options, progress: (count) => ended.push(count) });
  assert.ok(episode);
  assert.deepEqual(
    episode.turns.map(({ thought, observation }) => [thought, observation]),
    [
      ["I add.", '{"sum":4}'],
      ["It is clear.", undefined],
    ],
  );
  assert.ok(!episode.turns[0]?.text.includes("Wait"), "what follows an action is not part of the turn");
  assert.equal(episode.answer, "4");
  for (const one of [episode, ...others]) assert.deepEqual([one.end, one.correct], ["answered", true]);
  assert.deepEqual(ended, [0, 7]);
  assert.deepEqual(
    engine.calls.map((prompts) => prompts.length),
    [7, 7],
    "one engine call for each turn",
  );
});

test("a broken action is told, and the episode goes on; a text without tags is the answer", async (t) => {
  const { questions, options } = await played(t, (prompt) => {
    const turns = sinceQuestion(prompt).split("<|start|>tool\n").length - 1;
    return ["<tool_call>{", call("ad", {}), "  4 \n"][turns] ?? "";
  });
  const [episode] = await playEpisodes(questions.slice(0, 1), options);
  assert.deepEqual(
    episode?.turns.map(({ observation }) => observation),
    [
      "This action cannot be read: tool call 1 is never closed.",
      'There is no tool "ad" here; did you mean "add"?',
      undefined,
    ],
  );
  assert.ok(episode?.correct);
});

test("who never answers runs out of steps, and a conversation over its budget ends with a reason", async (t) => {
  const endless: Script = () => call("look_up", { word: "sum" });
  const first = await played(t, endless);
  const [episode] = await playEpisodes(first.questions.slice(1, 2), first.options);
  assert.deepEqual([episode?.end, episode?.turns.length, episode?.correct], ["ran out of steps", 3, false]);
  const prompt = first.options.world.renderer.prompt(first.questions[1]?.question as never, []).tokens.length;
  const second = await played(t, endless, { settings: { lengths: { prompt: prompt + 5, response: 260 } } });
  const [short] = await playEpisodes(second.questions.slice(1, 2), second.options);
  assert.deepEqual([short?.end, short?.turns.length, short?.correct], ["prompt too long", 1, false]);
});

test("an episode is the same whoever is played beside it, and turns share no random numbers", async (t) => {
  const seen: Prompt[] = [];
  const script: Script = (prompt, u) => (u < 0.3 ? `${u}` : call("look_up", { word: `${u} ${prompt.length}` }));
  const { questions, options, engine } = await played(t, script);
  const draw: Draw = (prompts, sampling) => {
    seen.push(...prompts);
    return drawing(engine)(prompts, sampling);
  };
  const facts = (episodes: Awaited<ReturnType<typeof playEpisodes>>) =>
    episodes.map(({ question, turns, end }) => ({ id: question.id, turns, end }));
  const together = facts(await playEpisodes(questions, { ...options, draw }));
  const keys = seen.map(({ key, firstRollout = 0 }) => JSON.stringify([key, firstRollout]));
  assert.equal(new Set(keys).size, keys.length);
  const alone: typeof together = [];
  for (const question of questions) alone.push(...facts(await playEpisodes([question], options)));
  assert.deepEqual(alone, together);
  assert.ok(new Set(together.map(({ turns }) => turns.length)).size > 1);
});
