import assert from "node:assert/strict";
import test from "node:test";
import type { JudgingState } from "../../schemas/judging.ts";
import { english } from "../l10n.ts";
import { judgingText, lineOf, wishOf } from "./judgingText.ts";

const statusOf = (changes: Partial<JudgingState> = {}, isOffered = false) => ({
  bridge: "/w/nile.trajectories.judging.json",
  isOffered,
  state: {
    file: "/w/nile.trajectories.jsonl",
    model: { vendor: "v", family: "f" },
    key: null,
    state: "asking" as const,
    open: 2,
    answered: 5,
    windows: 1,
    reason: null,
    ...changes,
  },
});

test("what waits for a window is said first, and that somebody has to do something", () => {
  assert.equal(judgingText([], english), undefined);
  const asking = judgingText([statusOf({}, true)], english);
  assert.deepEqual(asking, {
    text: "$(law) Judging nile.trajectories.jsonl",
    tooltip: "nile.trajectories.jsonl: 5 answered, 2 open; judged in this window",
    isWaiting: false,
  });
  const waiting = statusOf({ state: "waiting", reason: "No window judges." });
  assert.equal(judgingText([waiting], english)?.text, "$(law) nile.trajectories.jsonl waits for a judge");
  const both = judgingText([statusOf(), waiting], english);
  assert.equal(both?.isWaiting, true);
  assert.equal(judgingText([statusOf(), statusOf()], english)?.text, "$(law) Judging 2 files");
  assert.equal(both?.tooltip.split("\n").length, 2);
  assert.match(lineOf(waiting, english), /not judged in this window; No window judges\./);
});

test("what waits for a key says whose", () => {
  const reason = "It waits for the key of https://judge.example.invalid.";
  const waiting = statusOf({ state: "waiting", model: null, key: "https://judge.example.invalid", reason });
  assert.equal(judgingText([waiting], english)?.text, "$(law) nile.trajectories.jsonl waits for a key");
  assert.equal(lineOf(waiting, english), reason);
  assert.equal(wishOf(waiting), "https://judge.example.invalid");
});

test("names from files draw no icons and hide nothing", () => {
  const text = judgingText([statusOf({ file: "/w/$(trash)\u202e.jsonl" })], english)?.text ?? "";
  assert.equal(text, "$(law) Judging $ (trash)\\u202e.jsonl");
  assert.equal(wishOf(statusOf({ model: { vendor: null, family: "f\u0000" } })), "f\\u0000");
});
