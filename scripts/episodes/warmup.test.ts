import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { goods, people } from "../../examples/episodes/world.mjs";
import { isAccepted } from "../../server/training/episodes/answers.ts";
import { parseTurn } from "../../server/training/episodes/turn.ts";
import { take } from "../policy/warmupStage.ts";
import { drawQuestions, toQuestion } from "./dataset.ts";
import { kinds } from "./kinds/index.ts";
import { readersIn, sentences, VOCABULARY_SIZE } from "./policyFiles.ts";
import { warmupEpisodes } from "./warmupEpisodes.ts";
import { warmupRow } from "./warmupRow.ts";

const { tokenizer, renderer } = readersIn(fileURLToPath(new URL("../../examples/episodes/policy", import.meta.url)));
const episodes = take(warmupEpisodes(5), 1500);
const committed = [...drawQuestions("train"), ...drawQuestions("heldOut")];

test("the supply goes on where it is told to", () => {
  assert.deepEqual(take(warmupEpisodes(5, 20), 10), episodes.slice(20, 30));
  assert.notDeepEqual(take(warmupEpisodes(6), 10), episodes.slice(0, 10));
});

test("nothing that is committed comes up: no query, no value, no row of the tables, no held-out sentence", () => {
  const queries = new Set(committed.map(({ query }) => query));
  const free = new Set(committed.flatMap((question) => question.free));
  const rows = new Set([...goods, ...people].map(({ name }) => name));
  const held = new Set(kinds.flatMap(({ heldOut }) => heldOut));
  for (const { question } of episodes) {
    assert.ok(question.kind.name === "small sum" || !queries.has(question.query), question.query);
    assert.ok(!held.has(question.phrasing));
    for (const value of question.free) {
      assert.ok(!free.has(value), value);
      assert.ok(!rows.has(value.replace("row=", "")), value);
    }
  }
});

test("every episode ends with the right answer, and does what its stages ask for before", () => {
  for (const { question, turns } of episodes) {
    const last = turns.at(-1);
    assert.ok(last !== undefined && "answer" in last && isAccepted(last.answer, [question.answer]), question.query);
    assert.equal(turns.filter((turn) => "answer" in turn).length, 1);
    const uses = question.stages.flatMap((stage) => stage.uses.map(({ call }) => call));
    for (const turn of turns) if ("call" in turn) assert.ok(uses.includes(turn.call));
  }
});

test("a row is the conversation as the renderer writes it; what a tool answers is read, what the policy writes is learnt", () => {
  for (const episode of episodes.slice(0, 300)) {
    const { prompt, target, weights = new Float32Array() } = warmupRow(episode, renderer, tokenizer);
    assert.equal(weights.length, target.length);
    const text = tokenizer.decode(Int32Array.from([...prompt, ...target]), { keepSpecial: true });
    assert.deepEqual(tokenizer.encode(text), Int32Array.from([...prompt, ...target]));
    const learnt = tokenizer.decode(
      target.filter((_, index) => weights[index] === 1),
      { keepSpecial: true },
    );
    const read = tokenizer.decode(
      target.filter((_, index) => weights[index] === 0),
      { keepSpecial: true },
    );
    assert.ok(learnt.endsWith(tokenizer.eosText));
    for (const turn of episode.turns) {
      if ("answer" in turn) assert.ok(learnt.includes(`<answer>${turn.answer}</answer>`), text);
      else {
        assert.ok(read.includes(`tool\n${turn.observation}`), text);
        assert.equal(parseTurn(text.slice(text.indexOf(turn.thought))).thought, turn.thought);
      }
    }
  }
});

test("a call for practice teaches its arguments and not its choice", () => {
  const practised = episodes.filter(({ turns: [turn] }) => turn && "call" in turn && turn.learnt === "arguments");
  assert.ok(practised.length > 100);
  for (const episode of practised.slice(0, 50)) {
    const [turn] = episode.turns;
    if (turn === undefined || !("call" in turn)) throw new Error("filtered above");
    const { target, weights = new Float32Array() } = warmupRow(episode, renderer, tokenizer);
    const first = weights.indexOf(1);
    const before = tokenizer.decode(target.slice(0, first), { keepSpecial: true });
    assert.ok(before.startsWith(turn.thought) && before.includes(`"name":"${turn.call.name}"`), before);
    assert.doesNotMatch(before, /"arguments":\{"?\w/);
  }
});

test("the favourites are what priors.ts says: where three tools would do, one of them has most of the choices that are learnt", () => {
  const first = episodes.flatMap(({ question, turns: [turn] }) =>
    turn && "call" in turn && turn.learnt === "all" && (question.stages[0]?.uses.length ?? 0) > 2
      ? [turn.call.name]
      : [],
  );
  const favourites = first.filter((name) => name === "calculator" || name === "search").length;
  assert.ok(favourites / first.length > 0.8, String(favourites / first.length));
  assert.ok(new Set(first).size >= 6);
});

test("the tokenizer has the promised size, one token for each sentence that every prompt has, and prompts are short", () => {
  assert.equal(tokenizer.size, VOCABULARY_SIZE);
  for (const sentence of sentences) assert.equal(tokenizer.encode(sentence).length, 1, sentence);
  for (const question of committed) {
    const { tokens, text } = renderer.prompt(toQuestion(question, "q"), []);
    assert.ok(tokens.length <= 96, `${tokens.length} ${question.query}`);
    assert.equal(tokenizer.decode(tokens, { keepSpecial: true }), text);
  }
});
