/** The mocha suites of the extension host, told to this runner one by one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exitOnSignals } from "../../scripts/editor/processGroup.ts";
import { runHostSuites } from "./support/hostSuites.ts";

const LIMIT_MS = 300_000;

test("in the extension host", { timeout: LIMIT_MS }, async (t) => {
  exitOnSignals();
  const results = await runHostSuites(LIMIT_MS - 10_000);
  for (const { title, outcome, error } of results) {
    await t.test(title, { skip: outcome === "skipped" }, () => {
      assert.notEqual(outcome, "failed", error);
    });
  }
});
