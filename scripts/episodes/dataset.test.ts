import assert from "node:assert/strict";
import test from "node:test";
import world from "../../examples/episodes/world.mjs";
import { SPARK_DEFAULTS } from "../../schemas/spark.ts";
import { argumentFaults } from "../../server/toolcalls/argumentFaults.ts";
import { ToolSchema } from "../../server/toolcalls/toolSchema.ts";
import { isAccepted } from "../../server/training/episodes/answers.ts";
import { ExactJudge } from "../../server/training/spark/judges/exact.ts";
import { Random } from "../quickstart/random.ts";
import { catalog, tools } from "./catalog.ts";
import { type AskedQuestion, drawQuestion, drawQuestions, sizes, toQuestion } from "./dataset.ts";
import { kinds } from "./kinds/index.ts";
import type { Use } from "./question.ts";
import { worldRows } from "./rowSupply.ts";

const train = drawQuestions("train");
const heldOut = drawQuestions("heldOut");
const everything = [...train, ...heldOut];

const answers = ({ answer, accept = [] }: AskedQuestion): string[] => [answer, ...accept];
const resultOf = ({ call }: Use): string => world[call.name](call.arguments);
/** Every whole number, however it is written. */
const numbersIn = (text: string): number[] => Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));

test("the promised numbers of different questions, and every kind in its share", () => {
  assert.deepEqual([train.length, heldOut.length], [sizes.train, sizes.heldOut]);
  assert.equal(new Set(everything.map(({ query }) => query)).size, everything.length);
  assert.ok(Math.abs(kinds.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  for (const kind of kinds) {
    const found = everything.filter((question) => question.kind === kind).length / everything.length;
    assert.ok(Math.abs(found - kind.share) < 0.04, `${kind.name}: ${found}`);
  }
});

test("another seed gives other questions, the same seed the same", () => {
  assert.deepEqual(drawQuestions("train"), train);
  const again = new Set(drawQuestions("train", 2).map(({ query }) => query));
  assert.ok(train.filter(({ query }) => again.has(query)).length < train.length / 2);
});

test("no value and no sentence of a held-out question comes up in training", () => {
  const seen = new Set(train.flatMap(({ free }) => free));
  assert.deepEqual(
    heldOut.flatMap(({ free }) => free.filter((value) => seen.has(value))),
    [],
  );
  const sentences = new Set(train.map(({ phrasing }) => phrasing));
  for (const { phrasing } of heldOut) assert.ok(!sentences.has(phrasing), phrasing);
});

test("every use follows its tool, and its result helps: that of the last stage is the answer, that of a stage before is what the next one computes with", () => {
  for (const question of everything) {
    for (const [index, { uses }] of question.stages.entries()) {
      const next = question.stages[index + 1];
      for (const use of uses) {
        const faults = argumentFaults(
          ToolSchema.of(catalog.get(use.call.name)?.function.parameters),
          use.call.arguments,
        );
        assert.deepEqual(faults, [], question.query);
        const result = resultOf(use);
        if (next !== undefined) {
          const told = new Set(numbersIn(result));
          for (const { call } of next.uses) {
            const known = numbersIn(JSON.stringify(call.arguments)).some((value) => told.has(value));
            assert.ok(known, `${question.query} ${result} ${JSON.stringify(call)}`);
          }
        } else if (use.call.name === "search") assert.ok(result.includes(question.answer), result);
        else assert.ok(isAccepted(result, answers(question)), `${question.query} ${result}`);
      }
    }
  }
});

test("the answer is known from the query alone where a question says so, and only there", () => {
  for (const { query, reasoned, stages, answer } of everything) {
    const looked = stages.some(({ uses }) => uses.some(({ call }) => call.name === "search"));
    assert.equal(looked, !reasoned, query);
    if (stages.length === 0) assert.ok(query.includes(answer), query);
  }
});

test("at the start of at least a third of the questions three tools or more are viable for the exact judge, and one alone for some", async () => {
  const judge = new ExactJudge(SPARK_DEFAULTS.threshold);
  for (const questions of [train, heldOut]) {
    const counts = await Promise.all(
      questions.map(async (asked) => {
        const question = toQuestion(asked, "q");
        const candidates = (asked.stages[0]?.uses ?? []).map(({ call }) => ({ kind: "call" as const, ...call }));
        const uses = (question.uses ?? []).map(({ call, score = 10 }) => ({ ...call, score }));
        const verdict = await judge.judge({
          question: { id: question.id, query: question.query, answers: answers(asked), uses },
          tools,
          before: [],
          thought: "",
          candidates,
        });
        assert.equal(verdict.kind, "scores");
        const viable = verdict.kind === "scores" ? verdict.scores.map((score) => score > SPARK_DEFAULTS.threshold) : [];
        return new Set(candidates.filter((_, index) => viable[index]).map(({ name }) => name)).size;
      }),
    );
    const share = (fits: (count: number) => boolean): number => counts.filter(fits).length / counts.length;
    assert.ok(share((count) => count >= 3) >= 1 / 3, String(share((count) => count >= 3)));
    assert.ok(share((count) => count === 1) > 0.02);
    assert.ok(share((count) => count === 0) > 0.02);
    assert.ok(questions.filter(({ stages }) => stages.length > 1).length / questions.length > 0.1);
  }
});

test("no call of a question is worth two scores", () => {
  for (const { stages, query } of everything) {
    const texts = stages.flatMap(({ uses }) => uses.map(({ call }) => JSON.stringify(call)));
    assert.equal(new Set(texts).size, texts.length, query);
  }
});

test("a question of any seed can be drawn, and its sentence has all its values", () => {
  const rows = worldRows("train");
  for (let seed = 0; seed < 2000; seed++) {
    const { query } = drawQuestion(new Random(seed, "any"), "train", rows);
    assert.doesNotMatch(query, /[{}[\]]|undefined|NaN/);
  }
});
