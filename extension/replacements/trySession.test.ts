import assert from "node:assert/strict";
import test from "node:test";
import type { TriedRollout, TryEvent } from "../../schemas/tries.ts";
import type { TryHostMessage, TryState } from "../../schemas/tryView.ts";
import type { TryParams, TryTaken } from "./messages.ts";
import { TrySession } from "./trySession.ts";

const rollout = (index: number, correct: boolean): TriedRollout => ({
  side: "edited",
  rollout: index,
  text: "t",
  characters: 1,
  tokens: 1,
  truncated: false,
  calls: "[]",
  formatOk: true,
  correct,
  reward: Number(correct),
  failed: false,
  reason: "because",
});

/** A session whose run answers as a test says. */
function desk() {
  const asked: { params: TryParams; tell: (event: TryEvent) => void; answer: (taken: TryTaken) => void }[] = [];
  const cancelled: string[] = [];
  const posted: TryHostMessage[] = [];
  const session = new TrySession({
    client: {
      try: (params, tell) => {
        const { promise, resolve } = Promise.withResolvers<TryTaken>();
        asked.push({ params, tell, answer: resolve });
        return promise;
      },
      cancelTry: async (id) => void cancelled.push(id),
    },
    file: "/w/replacements/a.replacement.json",
    rollouts: () => 10,
    post: (message) => posted.push(message),
  });
  const state = (): TryState => {
    const last = posted.findLast((message) => message.kind === "try");
    assert.ok(last?.kind === "try" && last.try);
    return last.try;
  };
  return { session, asked, cancelled, posted, state };
}

const taken: TryTaken = { refused: null, remedy: null };

test("a try goes from asking to its end, and a view that comes later gets all of it", async () => {
  const { session, asked, posted, state } = desk();
  const started = session.start({ text: "{}" });
  assert.deepEqual([state().phase, state().rollouts, state().older], ["asking", 10, false]);
  const [one] = asked;
  assert.ok(one);
  one.answer(taken);
  await started;
  assert.equal(state().phase, "waiting");
  const { id } = one.params;
  const sides = [{ side: "edited" as const, version: "edited" as const, tokens: 9 }];
  one.tell({ id, kind: "begun", step: 4, updating: false, sides });
  one.tell({ id, kind: "rollout", rollout: rollout(0, true) });
  assert.deepEqual(posted.at(-1), { kind: "tried", rollout: rollout(0, true) });
  one.tell({ id, kind: "ended", how: "done", reason: null });
  posted.length = 0;
  session.show();
  assert.deepEqual([state().phase, state().policy?.step, state().tried.length], ["done", 4, 1]);
  assert.deepEqual(session.rolloutAt({ side: "edited", rollout: 0 }), rollout(0, true));
  assert.equal(session.rolloutAt({ side: "automatic", rollout: 0 }), undefined);
});

test("a run that draws before its answer is heard is not taken for one that waits", async () => {
  const { session, asked, state } = desk();
  const started = session.start({ text: "{}" });
  const [one] = asked;
  assert.ok(one);
  one.tell({ id: one.params.id, kind: "begun", step: 0, updating: false, sides: [] });
  one.answer(taken);
  await started;
  assert.equal(state().phase, "drawing");
});

test("a new try takes the place of the old one, of which nothing is heard any more", async () => {
  const { session, asked, cancelled, state } = desk();
  const first = session.start({ text: "{}" });
  const second = session.start({ text: "{ }" });
  const [old, now] = asked;
  assert.ok(old && now);
  assert.deepEqual(cancelled, [old.params.id]);
  old.answer({ refused: "too late", remedy: null });
  old.tell({ id: old.params.id, kind: "rollout", rollout: rollout(0, true) });
  now.answer(taken);
  await Promise.all([first, second]);
  assert.deepEqual([state().phase, state().tried], ["waiting", []]);
});

test("what was tried is older once the edit tells the policy something else; a note and a saving do not", () => {
  const { session, state, posted } = desk();
  session.compare("{}");
  assert.deepEqual(posted, [], "nothing was tried");
  session.start({ text: '{"demonstrations": [1.0], "note": "a"}' });
  session.compare('{"demonstrations": [1.0], "note": "b", "history": [{}]}');
  assert.equal(state().older, false);
  session.compare('{"demonstrations": [1');
  assert.equal(state().older, true);
  session.compare('{"demonstrations": [1.0]}');
  assert.equal(state().older, false, "it was undone");
});

test("a refusal has its reason and its way out", async () => {
  const { session, asked, state } = desk();
  const started = session.start({ text: "{}" });
  asked[0]?.answer({ refused: "No run lives.", remedy: "resume" });
  await started;
  assert.deepEqual([state().phase, state().reason, state().remedy], ["refused", "No run lives.", "resume"]);
  assert.equal(session.isOpen, false);
});
