import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate } from "node:timers/promises";
import type { JudgeOutcome, JudgeQuestion, JudgingState } from "../../../../../schemas/judging.ts";
import { InputError } from "../../../../../schemas/problem.ts";
import { Unanswerable } from "../chat.ts";
import { TestClock } from "../testing/testClock.ts";
import type { Seat } from "./desk.ts";
import { JudgeDesk } from "./judgeDesk.ts";

const never = new AbortController().signal;
const LIMIT_S = 100;

class FakeWindow {
  readonly open: JudgeQuestion[] = [];
  readonly seen: string[] = [];
  readonly cancelled: string[] = [];
  readonly seat: Seat;

  constructor(desk: JudgeDesk) {
    this.seat = desk.offer({
      ask: (question) => {
        this.open.push(question);
        this.seen.push(question.messages[0]?.text ?? "");
      },
      cancel: (id) => {
        this.cancelled.push(id);
        this.open.splice(
          this.open.findIndex((question) => question.id === id),
          1,
        );
      },
    });
  }

  /** Answers the oldest question that it has. */
  answer(outcome: JudgeOutcome): string {
    const question = this.open.shift() ?? assert.fail("it has no question");
    this.seat.answer(question.id, outcome);
    return question.id;
  }
}

function deskOf(concurrency = 2) {
  const clock = new TestClock(LIMIT_S * 1000);
  const model = { vendor: null, family: "f" };
  const desk = new JudgeDesk({ file: "x.trajectories.jsonl", model, concurrency, seconds: LIMIT_S, clock });
  const states: JudgingState[] = [];
  desk.onChange((state) => states.push(state));
  const ask = (text: string, signal = never) => desk.ask([{ role: "user", text }], signal);
  return { desk, clock, states, ask };
}

const text = (answer: string): JudgeOutcome => ({ kind: "text", text: answer });
const because = (kind: Exclude<JudgeOutcome["kind"], "text">, reason = "so it is"): JudgeOutcome => ({ kind, reason });

test("without a window a question waits and says so; the first window that comes has it answered", async () => {
  const { desk, states, ask } = deskOf();
  assert.equal(desk.state.state, "idle");
  const asked = ask("one");
  assert.deepEqual([desk.state.state, desk.state.open, desk.state.windows], ["waiting", 1, 0]);
  assert.match(desk.state.reason ?? "", /Judge in This Window/);
  const window = new FakeWindow(desk);
  assert.equal(desk.state.state, "asking");
  window.answer(text("seven"));
  assert.equal(await asked, "seven");
  assert.deepEqual(desk.state, { ...desk.state, state: "idle", open: 0, answered: 1, windows: 1, reason: null });
  assert.deepEqual([...new Set(states.map(({ state }) => state))], ["waiting", "asking", "idle"]);
});

test("a window that goes away in the middle of a question has it asked again by the next, in the old order", async () => {
  const { desk, ask } = deskOf();
  const asked = ["one", "two", "three"].map((question) => ask(question));
  const first = new FakeWindow(desk);
  assert.deepEqual(first.seen, ["one", "two"]);
  first.seat.leave();
  assert.equal(desk.state.state, "waiting");
  const next = new FakeWindow(desk);
  assert.deepEqual(next.seen, ["one", "two"]);
  // The window that has left says something after all; nobody listens.
  first.seat.answer(first.open[0]?.id ?? "", text("too late"));
  next.answer(text("1"));
  next.answer(text("2"));
  next.answer(text("3"));
  assert.deepEqual(await Promise.all(asked), ["1", "2", "3"]);
});

test("questions go to the window with the fewest, and to each no more than agreed", async () => {
  const { desk, ask } = deskOf(2);
  const [a, b] = [new FakeWindow(desk), new FakeWindow(desk)];
  const asked = [1, 2, 3, 4, 5].map((question) => ask(String(question)));
  assert.deepEqual(
    [a.seen, b.seen],
    [
      ["1", "3"],
      ["2", "4"],
    ],
  );
  b.answer(text("2"));
  assert.deepEqual(b.seen, ["2", "4", "5"]);
  a.answer(text("1"));
  a.answer(text("3"));
  b.answer(text("4"));
  b.answer(text("5"));
  assert.deepEqual(await Promise.all(asked), ["1", "2", "3", "4", "5"]);
});

test("a question is cancelled at once, whether it waits or a window has it", async () => {
  const { desk, ask } = deskOf(1);
  const cancel = new AbortController();
  const waiting = ask("waits", cancel.signal);
  cancel.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.equal(desk.state.open, 0);
  const window = new FakeWindow(desk);
  const second = new AbortController();
  const asked = ask("is asked", second.signal);
  const next = ask("comes next");
  const [{ id } = assert.fail()] = window.open;
  second.abort();
  await assert.rejects(asked, { name: "AbortError" });
  assert.deepEqual(window.cancelled, [id]);
  assert.deepEqual(window.seen, ["is asked", "comes next"]);
  window.answer(text("done"));
  assert.equal(await next, "done");
  await assert.rejects(ask("too late", second.signal), { name: "AbortError" });
});

test("a window without quota rests, longer each time, and the question goes on afterwards", async () => {
  const { desk, clock, states, ask } = deskOf();
  const window = new FakeWindow(desk);
  const asked = ask("one");
  for (const rest of [15_000, 30_000, 60_000]) {
    window.answer(because("resting", "no quota"));
    assert.deepEqual([desk.state.state, desk.state.reason], ["resting", "no quota"]);
    await setImmediate();
    await setImmediate();
    assert.equal(clock.slept.at(-1), rest);
  }
  window.answer(text("seven"));
  assert.equal(await asked, "seven");
  assert.ok(states.some(({ state }) => state === "resting"));
});

test("a window whose person does not allow it judges no more, and says why the question waits", async () => {
  const { desk, ask } = deskOf();
  const window = new FakeWindow(desk);
  const asked = ask("one");
  window.answer(because("declined", "the model's use was not allowed"));
  assert.deepEqual(
    [desk.state.state, desk.state.reason, desk.state.windows],
    ["waiting", "the model's use was not allowed", 0],
  );
  const other = new FakeWindow(desk);
  assert.equal(desk.state.reason, null);
  other.answer(text("seven"));
  assert.equal(await asked, "seven");
});

test("a model that is gone ends the judging; one that answers no such question, this question alone", async () => {
  const { desk, ask } = deskOf();
  const window = new FakeWindow(desk);
  const gone = ask("one");
  window.answer(because("missing", "there is no model of family f"));
  await assert.rejects(gone, (error) => error instanceof InputError && /no model of family f/.test(error.message));
  const offTopic = ask("two");
  window.answer(because("unusable", "off topic"));
  await assert.rejects(offTopic, Unanswerable);
});

test("failures are asked again; where they stay, the model is at fault before its first answer, and the question after it", async () => {
  const { desk, ask } = deskOf();
  const window = new FakeWindow(desk);
  const failing = async (question: string) => {
    const asked = ask(question);
    for (let failure = 0; failure < 4; failure++) window.answer(because("failed", "it broke"));
    return asked;
  };
  await assert.rejects(failing("one"), (error) => error instanceof InputError && /it broke/.test(error.message));
  const answered = ask("two");
  window.answer(because("failed"));
  window.answer(text("seven"));
  assert.equal(await answered, "seven");
  for (let question = 1; question < 5; question++) await assert.rejects(failing("three"), Unanswerable);
  await assert.rejects(failing("four"), InputError);
});

test("a window that never answers is told to leave it, and the question is asked again", async () => {
  const { desk, clock, ask } = deskOf();
  const window = new FakeWindow(desk);
  const asked = ask("one");
  await setImmediate();
  clock.expire();
  await setImmediate();
  assert.equal(window.cancelled.length, 1);
  assert.deepEqual(window.seen, ["one", "one"]);
  window.answer(text("seven"));
  assert.equal(await asked, "seven");
  assert.equal(clock.limits, 0);
});

test("an answer counts once, and only from the window that was asked", async () => {
  const { desk, ask } = deskOf();
  const [a, b] = [new FakeWindow(desk), new FakeWindow(desk)];
  const asked = ask("one");
  const [{ id } = assert.fail()] = a.open;
  b.seat.answer(id, text("from another"));
  a.seat.answer("1.0.99", text("of no question"));
  assert.equal(desk.state.answered, 0);
  a.answer(text("seven"));
  a.seat.answer(id, text("again"));
  assert.equal(await asked, "seven");
  assert.equal(desk.state.answered, 1);
});
