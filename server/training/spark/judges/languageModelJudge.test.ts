import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { InputError } from "../../../../schemas/problem.ts";
import { temporaryFolder } from "../../testing/harness.ts";
import { type ChatModel, type ChatRequest, Unanswerable } from "./chat.ts";
import type { Verdict } from "./judge.ts";
import { judgeIdentity, LanguageModelJudge } from "./languageModelJudge.ts";
import { answerWith, call, turnOf } from "./testing/turns.ts";
import { VerdictCache } from "./verdictCache.ts";

const never = new AbortController().signal;
const options = { showAnswers: false };

/** A model that gives these answers one after the other, the last one for ever; an error is thrown. */
function modelOf(...answers: (string | Error)[]): ChatModel & { asked: ChatRequest[]; isClosed: boolean } {
  const model = {
    identity: "a model for tests",
    asked: [] as ChatRequest[],
    isClosed: false,
    async complete(request: ChatRequest, signal: AbortSignal): Promise<string> {
      signal.throwIfAborted();
      model.asked.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      await setImmediate();
      signal.throwIfAborted();
      if (typeof answer === "string") return answer;
      throw answer ?? new Error("nothing to say");
    },
    async close() {
      model.isClosed = true;
    },
  };
  return model;
}

async function cached(t: TestContext, file: string, model: ChatModel): Promise<LanguageModelJudge> {
  const judge = new LanguageModelJudge(model, options, await VerdictCache.open(file, judgeIdentity(model, options)));
  t.after(() => judge.close());
  return judge;
}

const scoresOf = (verdict: Verdict) => (verdict.kind === "scores" ? verdict.scores : verdict.why);
const turn = turnOf([call("search"), { kind: "answer", text: "6650 km" }]);

test("every candidate gets its score and its reason; a broken one gets 0 and is not asked about", async () => {
  const model = modelOf(answerWith(7, 3));
  const judge = new LanguageModelJudge(model, options);
  const broken = { kind: "broken", fault: "the call is no JSON" } as const;
  assert.deepEqual(await judge.judge(turnOf([call("a"), broken, call("b")]), never), {
    kind: "scores",
    scores: [7, 0, 3],
    reasons: ["it is worth 7", "the call is no JSON", "it is worth 3"],
  });
  assert.deepEqual(await judge.judge(turnOf([broken, broken]), never), { kind: "scores", scores: [0, 0] });
  assert.equal(model.asked.length, 1);
});

test("an answer that cannot be used is asked for again, with what was wrong; then the turn is skipped and counted", async () => {
  const model = modelOf("no idea", answerWith(11, 0), answerWith(7, 3));
  const judge = new LanguageModelJudge(model, options);
  assert.deepEqual(scoresOf(await judge.judge(turn, never)), [7, 3]);
  const [first, second, third] = model.asked.map(({ messages }) => messages);
  assert.match(second?.[0]?.text ?? "", /could not be used: it is no JSON object/);
  assert.match(third?.[0]?.text ?? "", /could not be used: the score of candidate 0 is not between 0 and 10/);
  for (const again of [second, third]) {
    assert.ok(again?.[0]?.text.startsWith(first?.[0]?.text ?? "none"));
    assert.deepEqual(again?.slice(1), first?.slice(1));
    assert.doesNotMatch(JSON.stringify(again), /no idea|no JSON object.*no JSON object/);
  }

  const stubborn = modelOf("no idea");
  const patient = new LanguageModelJudge(stubborn, options);
  const verdict = await patient.judge(turn, never);
  assert.match(String(scoresOf(verdict)), /3 answers that cannot be used; of the last one, it is no JSON object/);
  assert.equal(stubborn.asked.length, 3);
  assert.deepEqual(patient.counts, { asked: 1, cached: 0, skipped: 1 });
});

test("a turn that the model does not answer is skipped; what somebody has to mend is thrown", async () => {
  const judge = new LanguageModelJudge(modelOf(new Unanswerable("it is too long"), new InputError("no key")), options);
  assert.deepEqual(await judge.judge(turn, never), { kind: "skipped", why: "it is too long" });
  await assert.rejects(judge.judge(turn, never), InputError);
});

test("what was judged is on the disk, and a repeated or resumed generation asks nothing twice", async (t) => {
  const file = join(temporaryFolder(t), "deep", "cache.jsonl");
  const first = modelOf(answerWith(7, 3));
  const judge = await cached(t, file, first);
  const verdict = await judge.judge(turn, never);
  assert.deepEqual(await judge.judge({ ...turn, question: { ...turn.question, id: "another" } }, never), verdict);
  // Nobody closed it: a process that is killed closes nothing.
  const second = modelOf(new Error("must not be asked"));
  const resumed = await cached(t, file, second);
  assert.deepEqual(await resumed.judge(turn, never), verdict);
  assert.equal(first.asked.length, 1);
  assert.equal(second.asked.length, 0);
  assert.deepEqual(resumed.counts, { asked: 0, cached: 1, skipped: 0 });
  const [line = "{}"] = readFileSync(file, "utf8").split("\n");
  assert.equal(JSON.parse(line).judge, "a model for tests, prompt 1");
});

test("another turn, another model, and answers that are shown are other questions", async (t) => {
  const file = join(temporaryFolder(t), "cache.jsonl");
  const model = modelOf(answerWith(7, 3));
  const judge = await cached(t, file, model);
  await judge.judge(turn, never);
  await judge.judge({ ...turn, thought: "another" }, never);
  assert.equal(model.asked.length, 2);
  const other = { ...modelOf(answerWith(1, 1)), identity: "another model" };
  assert.deepEqual(scoresOf(await (await cached(t, file, other)).judge(turn, never)), [1, 1]);
  const shown = { showAnswers: true };
  const cache = await VerdictCache.open(file, judgeIdentity(model, shown));
  assert.equal(cache.size, 0);
  await cache.close();
});

test("turns that are skipped are asked about again; twins that come together are asked about once", async (t) => {
  const file = join(temporaryFolder(t), "cache.jsonl");
  const model = modelOf("no", "no", "no", answerWith(7, 3));
  const judge = await cached(t, file, model);
  const [one, two, three] = await Promise.all([1, 2, 3].map(() => judge.judge(turn, never)));
  assert.deepEqual(
    [one, two, three].map((verdict) => verdict?.kind),
    ["skipped", "scores", "scores"],
  );
  assert.equal(model.asked.length, 4);
});

test("a last line that a killed process left is survived, wherever it was cut", async (t) => {
  const file = join(temporaryFolder(t), "cache.jsonl");
  const judge = await cached(t, file, modelOf(answerWith(7, 3)));
  await judge.judge(turn, never);
  const { length } = readFileSync(file, "utf8");
  await judge.judge({ ...turn, thought: "another" }, never);
  await judge.close();
  const whole = readFileSync(file);
  for (const kept of [length + 1, length + 20, whole.length - 2, whole.length - 1]) {
    writeFileSync(file, whole);
    truncateSync(file, kept);
    const model = modelOf(answerWith(1, 2));
    const resumed = await cached(t, file, model);
    assert.deepEqual(scoresOf(await resumed.judge(turn, never)), [7, 3]);
    // Only its line end is missing: the verdict is whole.
    const isWhole = kept === whole.length - 1;
    assert.deepEqual(scoresOf(await resumed.judge({ ...turn, thought: "another" }, never)), isWhole ? [7, 3] : [1, 2]);
    await resumed.close();
    const again = modelOf(new Error("must not be asked"));
    const third = await cached(t, file, again);
    assert.deepEqual(scoresOf(await third.judge({ ...turn, thought: "another" }, never)), isWhole ? [7, 3] : [1, 2]);
    await third.close();
  }
});

test("a file that holds something else is refused with its line, and so is what is no file", async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "cache.jsonl");
  const verdict = { judge: "j", key: "0".repeat(64), scores: [1], reasons: [""] };
  for (const bad of [{ ...verdict, scores: [11] }, { ...verdict, scores: [] }, { ...verdict, key: "k" }, { a: 1 }, 7]) {
    writeFileSync(file, `${JSON.stringify(verdict)}\n`);
    appendFileSync(file, `${JSON.stringify(bad)}\n`);
    await assert.rejects(
      VerdictCache.open(file, "j"),
      (error) => error instanceof InputError && error.place?.line === 2,
    );
  }
  mkdirSync(join(folder, "taken.jsonl"));
  await assert.rejects(VerdictCache.open(join(folder, "taken.jsonl"), "j"), InputError);
  await assert.rejects(VerdictCache.open(join(file, "below.jsonl"), "j"), InputError);
});

test("a verdict with another number of scores than there are candidates is not used", async (t) => {
  const file = join(temporaryFolder(t), "cache.jsonl");
  const judge = await cached(t, file, modelOf(answerWith(7, 3)));
  await judge.judge(turn, never);
  await judge.close();
  const edited = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, `${JSON.stringify({ ...edited, scores: [9] })}\n`);
  assert.deepEqual(scoresOf(await (await cached(t, file, modelOf(answerWith(1, 2)))).judge(turn, never)), [1, 2]);
});

test("who cancels waits for nothing, also not for a twin; a judge that closes cancels", async (t) => {
  const hanging: ChatModel = {
    identity: "hangs",
    complete: (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
    close: async () => {},
  };
  const judge = await cached(t, join(temporaryFolder(t), "cache.jsonl"), hanging);
  const [first, second] = [new AbortController(), new AbortController()];
  const asked = judge.judge(turn, first.signal);
  const twin = judge.judge(turn, second.signal);
  second.abort();
  await assert.rejects(twin, { name: "AbortError" });
  first.abort();
  await assert.rejects(asked, { name: "AbortError" });
  const last = judge.judge(turn, never);
  await Promise.all([assert.rejects(last, { name: "AbortError" }), judge.close()]);
});
