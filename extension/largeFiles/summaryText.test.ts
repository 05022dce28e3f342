import assert from "node:assert/strict";
import test from "node:test";
import { english } from "../l10n.ts";
import { summaryText } from "./summaryText.ts";

const summary = (error: number, hint: number, uncompared = 0) => ({
  stamp: "",
  records: 100,
  counts: { error, warning: 0, information: 1, hint },
  uncompared,
});

test("the sentence says what there is, what is shown of it and what was left out", () => {
  assert.equal(
    summaryText("a.jsonl", 4, summary(1, 2), english),
    "a.jsonl: 1 error, 1 notice, 2 hints in 100 records.",
  );
  assert.equal(
    summaryText("a.jsonl", 5, summary(20, 0, 7), english),
    "a.jsonl: 20 errors, 1 notice in 100 records. The first 5 findings are shown. 7 records were not compared with others, since too many come before them.",
  );
  const clean = { ...summary(0, 0), counts: { error: 0, warning: 0, information: 0, hint: 0 } };
  assert.equal(summaryText("a.jsonl", 0, clean, english), "a.jsonl: nothing was found in 100 records.");
});
