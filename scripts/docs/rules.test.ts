import assert from "node:assert/strict";
import test from "node:test";
import { stalePages } from "./rules.ts";

test("the pages of the rules are as the rules' sources say", () => {
  assert.deepEqual(stalePages(), []);
});
