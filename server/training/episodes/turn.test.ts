import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { beforeAction, parseTurn } from "./turn.ts";

const CALL = '<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>';
const add = { kind: "call", name: "add", arguments: { a: 1 } };

test("a thought and one action; what follows is no part of the turn", () => {
  assert.deepEqual(parseTurn(` I add.\n${CALL}\nThank you`), {
    thought: "I add.",
    action: add,
    end: ` I add.\n${CALL}`.length,
  });
  assert.deepEqual(parseTurn("So it is\n<answer> 14 </answer> \n"), {
    thought: "So it is",
    action: { kind: "answer", text: "14" },
    end: "So it is\n<answer> 14 </answer>".length,
  });
  assert.deepEqual(parseTurn("  14\n"), { thought: "", action: { kind: "answer", text: "14" }, end: 5 });
});

test("an argument may mention every tag", () => {
  const args = { a: "<answer>1</answer> </tool_call> <tool_call>" };
  const text = `<tool_call>${JSON.stringify({ name: "say", arguments: args })}</tool_call>`;
  assert.deepEqual(parseTurn(text), {
    thought: "",
    action: { kind: "call", name: "say", arguments: args },
    end: text.length,
  });
});

for (const [text, fault] of [
  ["<tool_call>{}</tool_call>", 'tool call 1 has no "name"'],
  ["<tool_call>{", "tool call 1 is never closed"],
  [CALL + CALL, "there are 2 calls in the turn, and one action is allowed"],
  [`${CALL}<answer>1</answer>`, "there is more than one action in the turn"],
  [`${CALL}</answer>`, "there is more than one action in the turn"],
  ["<answer>1", "the answer is never closed"],
  [`<answer>${CALL}</answer>`, "the answer has <tool_call> inside"],
  ["<answer>1</answer><answer>2</answer>", "there is more than one action in the turn"],
  ["14</answer>", "</answer> stands without its opening tag"],
  ["x</tool_call>", "</tool_call> stands without its opening tag"],
] as const) {
  test(`broken: ${text.slice(0, 60)}`, () => {
    assert.deepEqual(parseTurn(text).action, { kind: "broken", fault });
  });
}

const piece = fc.oneof(
  fc.constantFrom(
    "<tool_call>",
    "</tool_call>",
    "<answer>",
    "</answer>",
    '{"name": "a", "arguments": {}}',
    '"',
    "<",
    "\\",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);

test("any text is a turn: the parts lie in it, and what a turn is cut to is the same turn", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const turn = parseTurn(text);
      assert.ok(turn.end <= text.length);
      assert.ok(text.includes(turn.thought));
      const again = parseTurn(text.slice(0, turn.end));
      assert.deepEqual(again, turn);
      if (turn.action.kind !== "broken" && turn.thought !== "") assert.equal(beforeAction(text), turn.thought);
    }),
    { seed: 21, numRuns: 2000 },
  );
});

test("a megabyte of a hostile model's markup is read in one pass", () => {
  for (const unit of ["<", "<answer", "<tool_call>", '"', "</answer>", "<tool_call>{", "\\"]) {
    const text = unit.repeat(Math.ceil(1e6 / unit.length));
    const { action } = parseTurn(text);
    if (action.kind === "broken") assert.ok(action.fault.length < 300);
  }
});
