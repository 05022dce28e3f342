import assert from "node:assert/strict";
import test from "node:test";
import { stepOfKey } from "./keys.ts";

test("keys lead through the steps that are seen and stay among them", () => {
  assert.equal(stepOfKey("ArrowRight", 5, [1, 40]), 6);
  assert.equal(stepOfKey("ArrowLeft", 1, [1, 40]), 1);
  assert.equal(stepOfKey("PageUp", 38, [1, 40]), 40);
  assert.equal(stepOfKey("Home", 38, [10, 40]), 10);
  assert.equal(stepOfKey("End", 1, [1, 40]), 40);
  assert.equal(stepOfKey("x", 1, [1, 40]), undefined);
});
