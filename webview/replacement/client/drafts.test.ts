import assert from "node:assert/strict";
import test from "node:test";
import { Drafts, PAUSE } from "./drafts.ts";

/** A clock that a test turns by hand. */
function clock() {
  let waiting: { at: number; callback: () => void }[] = [];
  let now = 0;
  return {
    timers: {
      set: (callback: () => void, milliseconds: number) => {
        const timer = { at: now + milliseconds, callback };
        waiting.push(timer);
        return timer;
      },
      clear: (timer: unknown) => {
        waiting = waiting.filter((one) => one !== timer);
      },
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}

const path = ["demonstrations", 1, "query"];

function desk() {
  const { timers, pass } = clock();
  const drafts = new Drafts(timers, () => {});
  const sent: string[] = [];
  const type = (text: string, { base = "old", means = true } = {}): void =>
    drafts.type({ path, text, base, send: (typed) => (means ? sent.push(typed) : undefined) });
  return { drafts, sent, type, pass };
}

test("what is typed is shown at once, sent after a pause, and given up for the document that has it", () => {
  const { drafts, sent, type, pass } = desk();
  type("n");
  type("new");
  assert.equal(drafts.at(path, "old", 1), "new");
  assert.ok(PAUSE <= 150);
  pass(PAUSE);
  assert.deepEqual(sent, ["new"]);
  assert.equal(drafts.at(path, "old", 1), "new");
  drafts.settle(1, 2);
  // A reading of the version before is still under way.
  assert.equal(drafts.at(path, "old", 1), "new");
  assert.equal(drafts.at(path, "new", 2), undefined);
  // As an undo: nothing typed stands against it.
  assert.equal(drafts.at(path, "old", 3), undefined);
});

test("typing on while an edit is on its way loses nothing, however late its reading comes", () => {
  const { drafts, sent, type, pass } = desk();
  type("a");
  pass(PAUSE);
  type("ab");
  drafts.settle(1, 2);
  assert.equal(drafts.at(path, "a", 2), "ab");
  pass(PAUSE);
  assert.equal(drafts.at(path, "a", 2), "ab");
  drafts.settle(2, 3);
  assert.equal(drafts.at(path, "a", 2), "ab");
  assert.equal(drafts.at(path, "ab", 3), undefined);
  assert.deepEqual(sent, ["a", "ab"]);
});

test("a saving sends what waits, and only that", () => {
  const { drafts, sent, type, pass } = desk();
  type("new");
  drafts.flush();
  drafts.flush();
  pass(PAUSE);
  assert.deepEqual(sent, ["new"]);
});

test("a text that means nothing yet stays, moves with its place, and outlives the view", () => {
  const { drafts, type, pass } = desk();
  type("{", { means: false });
  pass(PAUSE);
  drafts.settle(9, 9);
  assert.equal(drafts.at(path, "old", 9), "{");
  drafts.follow([{ change: "move", path: ["demonstrations"], from: 1, to: 0 }]);
  assert.equal(drafts.at(path, "old", 9), undefined);
  const [there, other] = [["demonstrations", 0, "query"], new Drafts(clock().timers, () => {})];
  assert.equal(drafts.at(there, "old", 9), "{");
  other.restore(drafts.unfinished);
  assert.equal(other.at(there, "old", 1), "{");
  // Somebody else has changed what it was about.
  assert.equal(other.at(there, "other", 2), undefined);
  drafts.follow([{ change: "remove", path: ["demonstrations", 0] }]);
  assert.deepEqual(drafts.unfinished, []);
});
