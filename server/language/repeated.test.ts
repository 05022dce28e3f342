import assert from "node:assert/strict";
import test from "node:test";
import { Repeated } from "./repeated.ts";

test("what is asked for many times is done once, and once more where it is asked for meanwhile", async () => {
  let begun = 0;
  let atOnce = 0;
  const ends: (() => void)[] = [];
  const work = new Repeated(async () => {
    begun++;
    assert.equal(++atOnce, 1);
    await new Promise<void>((resolve) => ends.push(resolve));
    atOnce--;
  });
  const until = async (count: number): Promise<void> => {
    const deadline = AbortSignal.timeout(10_000);
    while (begun < count) {
      deadline.throwIfAborted();
      await new Promise((next) => setTimeout(next));
    }
  };
  // A day of quiet must not hold up whoever cannot wait.
  work.request(86_400_000);
  work.request(0);
  work.request(0);
  await until(1);
  for (let time = 0; time < 5; time++) work.request(1);
  ends[0]?.();
  await until(2);
  ends[1]?.();
  await new Promise((next) => setImmediate(next));
  work.request(0);
  await until(3);
  ends[2]?.();
  assert.equal(begun, 3);
});
