import assert from "node:assert/strict";
import test from "node:test";
import { Crashes } from "./crashes.ts";

test("a process that dies often is left alone; one that dies now and then is not", () => {
  let now = 0;
  const crashes = new Crashes(() => now);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => crashes.survives()),
    [true, true, true, false],
  );
  crashes.forgive();
  assert.equal(crashes.survives(), true);
  const rarely = new Crashes(() => now);
  for (let death = 0; death < 20; death++) {
    assert.equal(rarely.survives(), true);
    now += 61_000;
  }
});
