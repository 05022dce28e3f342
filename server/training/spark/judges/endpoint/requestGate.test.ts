import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate } from "node:timers/promises";
import { TestClock } from "../testing/testClock.ts";
import { RequestGate } from "./requestGate.ts";

const never = new AbortController().signal;

test("so many at a time, in the order in which they came", async () => {
  const gate = new RequestGate({ concurrency: 2, requestsPerMinute: 100 }, new TestClock(-1));
  const begun: number[] = [];
  const leaves: (() => void)[] = [];
  const all = [0, 1, 2, 3, 4].map(async (number) => {
    leaves.push(await gate.enter(never));
    begun.push(number);
  });
  await setImmediate();
  assert.deepEqual(begun, [0, 1]);
  leaves[1]?.();
  await setImmediate();
  assert.deepEqual(begun, [0, 1, 2]);
  leaves[0]?.();
  leaves[2]?.();
  await Promise.all(all);
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
});

test("so many in any minute", async () => {
  const clock = new TestClock(-1);
  const gate = new RequestGate({ concurrency: 10, requestsPerMinute: 3 }, clock);
  const begun: number[] = [];
  const enter = async () => {
    (await gate.enter(never))();
    begun.push(clock.now());
  };
  await enter();
  await clock.sleep(20_000, never);
  for (let request = 0; request < 6; request++) await enter();
  assert.deepEqual(begun, [0, 20_000, 20_000, 60_000, 80_000, 80_000, 120_000]);
  for (const [place, at] of begun.entries()) {
    assert.ok(begun.filter((other) => other >= at && other < at + 60_000).length <= 3, `from ${place} on`);
  }
});

test("none while it is held, by whomever the rest was asked for", async () => {
  const clock = new TestClock(-1);
  const gate = new RequestGate({ concurrency: 10, requestsPerMinute: 100 }, clock);
  gate.hold(5000);
  gate.hold(2000);
  (await gate.enter(never))();
  assert.equal(clock.now(), 5000);
});

test("who gives up leaves at once, takes no place, and lets nobody pass before their turn", async () => {
  const gate = new RequestGate({ concurrency: 1, requestsPerMinute: 100 }, new TestClock(-1));
  const leave = await gate.enter(never);
  const cancel = new AbortController();
  const given = gate.enter(cancel.signal);
  const order: string[] = [];
  const second = gate.enter(never).then((free) => {
    order.push("second");
    return free;
  });
  const third = gate.enter(never).then(() => order.push("third"));
  await setImmediate();
  cancel.abort();
  await assert.rejects(given, { name: "AbortError" });
  assert.deepEqual(order, []);
  leave();
  (await second)();
  await third;
  assert.deepEqual(order, ["second", "third"]);
});
