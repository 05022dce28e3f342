import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { RestedText } from "./restedText.ts";

function field(t: TestContext): { text: RestedText; told: string[]; rest(): void } {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  return { text: new RestedText("", (typed) => told.push(typed)), told, rest: () => t.mock.timers.tick(150) };
}

test("what is typed is told once, when the typing rests", (t) => {
  const { text, told, rest } = field(t);
  for (const typed of ["s", "st", "sto"]) text.type(typed);
  assert.deepEqual([text.shown, told], ["sto", []]);
  rest();
  assert.deepEqual(told, ["sto"]);
  text.type("x".repeat(300));
  rest();
  assert.equal(told[1]?.length, 200);
});

test("what was told and comes back late takes nothing away that was typed since", (t) => {
  const { text, told, rest } = field(t);
  text.type("s");
  rest();
  text.type("st");
  text.follow("s");
  assert.equal(text.shown, "st");
  rest();
  text.type("sto");
  rest();
  assert.deepEqual(told, ["s", "st", "sto"]);
  // Two at once, of which the last alone comes back.
  text.type("stop");
  text.follow("sto");
  assert.equal(text.shown, "stop");
});

test("a text that is as it was takes nothing away either", (t) => {
  const { text } = field(t);
  text.type("s");
  text.follow("");
  assert.equal(text.shown, "s");
});

test("a text from elsewhere is shown, and what was typed before it and not told is forgotten", (t) => {
  const { text, told, rest } = field(t);
  text.type("s");
  rest();
  text.follow("s");
  text.type("st");
  text.follow("");
  rest();
  assert.deepEqual([text.shown, told], ["", ["s"]]);
  text.follow("s");
  assert.equal(text.shown, "s");
});
