import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Control, Stopped } from "./control.ts";

test("the gate is open while the run runs", async () => {
  const control = new Control();
  await control.gate();
  assert.equal(control.state, "running");
  assert.equal(control.interrupt.aborted, false);
});

test("a pause breaks sampling off, holds the loop, and a resume lets it go on", async () => {
  const states: string[] = [];
  const control: Control = new Control(() => states.push(control.state));
  const signal = control.interrupt;
  control.pause();
  assert.equal(signal.aborted, true);
  let through = false;
  const gate = control.gate().then(() => {
    through = true;
  });
  await turn();
  assert.equal(through, false);
  assert.equal(control.state, "paused");
  control.resume();
  await gate;
  assert.equal(control.interrupt.aborted, false);
  assert.deepEqual(states, ["pausing", "paused", "running"]);
});

test("a second pause while the loop wakes from the first holds it again", async () => {
  const control = new Control();
  control.pause();
  let through = false;
  const gate = control.gate().then(() => {
    through = true;
  });
  await turn();
  control.resume();
  control.pause();
  await turn();
  assert.equal(through, false);
  control.resume();
  await gate;
});

test("a stop throws at the gate, also out of a pause, and is not taken back", async () => {
  const control = new Control();
  control.pause();
  const gate = control.gate();
  control.stop();
  await assert.rejects(gate, Stopped);
  control.resume();
  control.pause();
  assert.equal(control.state, "stopping");
  await assert.rejects(control.gate(), Stopped);
});

test("inside an update a stop lets the step come to its end", async () => {
  const control = new Control();
  control.stop();
  await control.hold();
});

test("the run's clock stands still in a pause", async () => {
  const control = new Control();
  control.pause();
  const gate = control.gate();
  const before = control.now();
  const since = performance.now();
  while (performance.now() - since < 20) await turn();
  control.resume();
  await gate;
  assert.ok(control.now() - before < performance.now() - since);
});

test("work is done where the loop is at its gate, also in a pause, which stays one", async () => {
  const control = new Control();
  const done: [string, boolean][] = [];
  const work = (name: string) => async (updating: boolean) => {
    await turn();
    done.push([`${name} while ${control.state}`, updating]);
  };
  control.interlude(work("first"));
  control.interlude(work("second"));
  await turn();
  assert.deepEqual(done, [], "the loop is computing");
  await control.gate();
  control.pause();
  const hold = control.hold();
  await turn();
  control.interlude(work("third"));
  while (done.length < 3) await turn();
  assert.equal(control.state, "paused");
  control.resume();
  await hold;
  assert.deepEqual(done, [
    ["first while running", false],
    ["second while running", false],
    ["third while paused", true],
  ]);
});

test("a stop leaves work that waits undone, and tells the one that is at it", async () => {
  const control = new Control();
  let stopped = false;
  control.interlude(async () => {
    while (!control.stopping.aborted) await turn();
    stopped = true;
  });
  control.interlude(() => assert.fail());
  const gate = control.gate();
  await turn();
  control.stop();
  await assert.rejects(gate, Stopped);
  assert.ok(stopped);
});
