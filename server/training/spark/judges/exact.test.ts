import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { parseExactJson } from "../../../toolcalls/json.ts";
import { EPISODE_TOOLS } from "../../testing/episodeWorkspace.ts";
import { ExactJudge } from "./exact.ts";
import type { CandidateAction, Turn } from "./judge.ts";

const call = (name: string, args: object): CandidateAction => ({ kind: "call", name, arguments: args });
const use = (name: string, args: object, score = 10) => ({ name, arguments: args, score });

const TURN: Turn = {
  question: {
    id: "q",
    query: "?",
    answers: ["14", "fourteen"],
    uses: [use("add", { a: 1, b: 2 }, 9), use("add", { a: 5, b: 2 }, 7), use("look_up", { word: "sum" })],
  },
  tools: EPISODE_TOOLS,
  before: [],
  thought: "",
  candidates: [],
};

async function scores(candidates: CandidateAction[], changes: Partial<Turn> = {}, threshold = 6): Promise<number[]> {
  const verdict = await new ExactJudge(threshold).judge({ ...TURN, ...changes, candidates });
  assert.equal(verdict.kind, "scores");
  return verdict.kind === "scores" ? verdict.scores : [];
}

test("the rule, case by case", async () => {
  const cases: [CandidateAction, number][] = [
    [call("add", { b: 2.0, a: 1 }), 9],
    [call("add", { a: 5, b: 2 }), 7],
    [call("look_up", { word: "sum" }), 10],
    [call("add", { a: 5, b: 3 }), 3],
    [call("add", { a: 8, b: 9 }), 0],
    [call("look_up", { word: "x" }), 0],
    [call("add", { a: 1 }), 0],
    [call("add", { a: 1, b: 2, c: 3 }), 0],
    [call("add", { a: "1", b: 2 }), 0],
    [call("sum_up", { a: 1, b: 2 }), 0],
    [call("subtract", { a: 1, b: 2 }), 0],
    [{ kind: "broken", fault: "x" }, 0],
    [{ kind: "answer", text: " Fourteen." }, 10],
    [{ kind: "answer", text: "14.0" }, 10],
    [{ kind: "answer", text: "15" }, 0],
  ];
  assert.deepEqual(
    await scores(cases.map(([action]) => action)),
    cases.map(([, score]) => score),
  );
});

test("what the episode has called before is worth nothing again, whatever came of it", async () => {
  const before = [{ thought: "", action: call("add", { b: 2, a: 1 }), observation: "3" }];
  assert.deepEqual(await scores([call("add", { a: 1, b: 2 }), call("add", { a: 5, b: 2 })], { before }), [0, 7]);
});

test("a tool without parameters is right or not there", async () => {
  const clock = { type: "function" as const, function: { name: "clock" } };
  const question = { ...TURN.question, uses: [use("clock", {}, 8)] };
  assert.deepEqual(await scores([call("clock", {}), call("clock", { zone: 1 })], { tools: [clock], question }), [8, 0]);
});

test("digits beyond a double's are told apart", async () => {
  const [left, right] = ["9007199254740993", "9007199254740992"].map(
    (a) => parseExactJson(`{"a": ${a}, "b": 1}`) as object,
  );
  const question = { ...TURN.question, uses: [use("add", left ?? {}, 9)] };
  assert.deepEqual(await scores([call("add", left ?? {}), call("add", right ?? {})], { question }), [9, 3]);
});

test("what is only nearly right is never viable, and more right is never worth less", async () => {
  const values = fc.record({ a: fc.integer({ min: 0, max: 3 }), b: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(values, values, fc.double({ min: 0, max: 9.9, noNaN: true }), async (gold, made, threshold) => {
      const question = { ...TURN.question, uses: [use("add", gold, 10)] };
      const [score = -1] = await scores([call("add", made)], { question }, threshold);
      const right = Number(gold.a === made.a) + Number(gold.b === made.b);
      assert.equal(score, right === 2 ? 10 : (threshold * right) / 2);
      if (right < 2) assert.ok(score <= threshold);
    }),
    { seed: 31, numRuns: 200 },
  );
});

test("its identity says what its scores depend on", () => {
  assert.notEqual(new ExactJudge(6).identity, new ExactJudge(5).identity);
});
