import assert from "node:assert/strict";
import test from "node:test";
import { LONGEST_JUDGE_ANSWER } from "../../schemas/judgeLimits.ts";
import { JudgeOutcome } from "../../schemas/judging.ts";
import { conforms } from "../../server/training/conforms.ts";
import { outcomeOf, wholeAnswer } from "./modelAnswer.ts";

const codes = { noPermissions: "NoPermissions", blocked: "Blocked", notFound: "NotFound" };

class ModelError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

test("what the API's errors mean: wait for another window, rest, give up, skip, or try again", () => {
  const cases: [unknown, JudgeOutcome["kind"]][] = [
    [new ModelError("NoPermissions", "denied"), "declined"],
    [new ModelError("Blocked", "blocked"), "resting"],
    [new ModelError("NotFound", "gone"), "missing"],
    [new ModelError("Unknown", "", new Error("off_topic")), "unusable"],
    [new ModelError("Unknown", "Response got filtered"), "unusable"],
    [new ModelError("Blocked", "Message filtered by responsible AI"), "unusable"],
    [new ModelError("Unknown", "Request Failed: 429 rate limit exceeded"), "resting"],
    [new ModelError("Unknown", "it broke", new Error("quota exceeded")), "resting"],
    [new ModelError("Unknown", "it broke"), "failed"],
    [new Error(""), "failed"],
    ["text", "failed"],
    [undefined, "failed"],
  ];
  for (const [error, kind] of cases) {
    const outcome = outcomeOf(error, codes);
    assert.equal(outcome.kind, kind, String(error));
    assert.ok(conforms(JudgeOutcome, outcome));
  }
});

test("a provider's words are bounded and can do nothing to a terminal", () => {
  const outcome = outcomeOf(new Error(`\u001b[31m${"x".repeat(100_000)}`), codes);
  assert.ok(conforms(JudgeOutcome, outcome));
  assert.ok(outcome.kind === "failed" && !outcome.reason.includes("\u001b"));
});

test("an answer is put together, and one without end is cut and ended", async () => {
  const pieces = async function* (...texts: string[]) {
    yield* texts;
  };
  let stopped = 0;
  const stop = (): void => void stopped++;
  assert.deepEqual(await wholeAnswer(pieces("se", "ven"), stop), { kind: "text", text: "seven" });
  assert.equal(stopped, 0);
  const endless = async function* () {
    for (;;) yield "x".repeat(30_000);
  };
  const outcome = await wholeAnswer(endless(), stop);
  assert.equal(stopped, 1);
  assert.ok(outcome.kind === "text" && outcome.text.length === LONGEST_JUDGE_ANSWER);
  assert.ok(conforms(JudgeOutcome, outcome));
});
