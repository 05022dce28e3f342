import assert from "node:assert/strict";
import test from "node:test";
import { bfcl } from "./bfcl.ts";
import { DIALECTS } from "./index.ts";
import { callsOf, type Sample, type Turn } from "./model.ts";
import { readOffer } from "./offer.ts";
import { openai } from "./openai.ts";
import { readTool } from "./read.ts";
import { Ref } from "./ref.ts";
import { toolexpander } from "./toolexpander.ts";
import { argumentsOf, conversationOf, linked } from "./writing.ts";

const read = (record: unknown): Sample => {
  const [sample] = (bfcl.detect(record) > 0 ? bfcl : toolexpander).read(record, Ref.root).samples;
  assert.ok(sample !== undefined);
  return sample;
};

test("of several allowed values the first is written, and none that may be left out", () => {
  const values = {
    a: [1, 2],
    b: ["", "x"],
    c: ["", ""],
    d: [{ inner: [3, 4] }],
    e: [[5, 6]],
    f: [],
    g: [""],
    h: [null],
  };
  const answer = read({ id: "x", ground_truth: [{ f: values }] });
  const [call] = callsOf(answer);
  assert.ok(call !== undefined);
  assert.deepEqual(argumentsOf(call), { a: 1, b: "x", d: { inner: 3 }, e: [5, 6], g: "", h: null });
  const written = openai.writeSample?.(answer);
  assert.ok(written?.lost.includes("Of several allowed values only the first is written."));
  assert.deepEqual(toolexpander.writeCall?.(call).value, { name: "f", arguments: argumentsOf(call) });
});

test("every format but the one that has several allowed values writes the first, and says so", () => {
  const [call] = callsOf(read({ id: "x", ground_truth: [{ f: { a: [1, 2], b: ["", "x"] } }] }));
  assert.ok(call !== undefined);
  for (const { id, writeCall } of DIALECTS) {
    if (writeCall === undefined || id === "bfcl") continue;
    const { value, lost } = writeCall(call);
    const text = JSON.stringify(value);
    assert.ok(!text.includes("[1,2]") && !text.includes("[1, 2]"), `${id}: ${text}`);
    assert.deepEqual(lost, ["Of several allowed values only the first is written."], id);
  }
  assert.deepEqual(bfcl.writeCall?.(call).value, { f: { a: [1, 2], b: ["", "x"] } });
});

test("demonstrations come before the question, the gold behind it", () => {
  const sample = read({
    id: "1",
    query: "Q",
    tools: ["f"],
    answer: [{ name: "f", arguments: { a: 1 } }],
    demonstrations: [{ id: "d", query: "D", answer: [{ name: "f", arguments: { a: 0 } }] }],
  });
  assert.deepEqual(
    conversationOf(sample).map(({ role, text, calls }) => [role, text, calls.map((call) => call.arguments.a)]),
    [
      ["user", "D", []],
      ["assistant", "", [0]],
      ["user", "Q", []],
      ["assistant", "", [1]],
    ],
  );
  assert.deepEqual(openai.writeSample?.(sample).lost, [
    "The tools are not in the record; put their definitions under its tools.",
    "Demonstrations become turns before the question.",
  ]);
});

test("arguments that cannot be read are named as lost", () => {
  const sample = read({ id: "1", query: "Q", tools: [], answer: [{ name: "f", arguments: "{" }, { arguments: 1 }] });
  assert.deepEqual(
    openai.writeSample?.(sample).lost.at(-1),
    'Arguments that cannot be read are left out, of "f", one without a name.',
  );
});

test("answers keep to their calls while ids are made and replaced", () => {
  const call = (id?: string): Turn["calls"][number] => {
    const [bare] = callsOf(read({ id: "1", query: "Q", tools: [], answer: [{ name: "f", arguments: {} }] }));
    assert.ok(bare !== undefined);
    return id === undefined ? bare : { ...bare, id };
  };
  const turn = (role: Turn["role"], rest: Partial<Turn>): Turn => ({
    role,
    text: "",
    calls: [],
    ref: Ref.root,
    ...rest,
  });
  const { turns, replaced } = linked(
    [
      turn("assistant", { calls: [call(), call("bad id"), call("n2")] }),
      turn("tool", { callId: "bad id" }),
      turn("tool", {}),
      turn("tool", { callId: "n2" }),
      turn("tool", { callId: "of nothing" }),
    ],
    { accepts: (id) => /^\w+$/.test(id), make: (index) => `n${index + 1}` },
  );
  assert.equal(replaced, true);
  assert.deepEqual(
    turns[0]?.calls.map(({ id }) => id),
    ["n1", "n3", "n2"],
  );
  assert.deepEqual(
    turns.slice(1).map(({ callId }) => callId),
    ["n3", "n1", "n2", "n4"],
  );
});

test("tools in a string that is no JSON, no list, or holds what is no tool are said at their places", () => {
  const faults = (value: unknown): unknown =>
    readOffer(value, Ref.root, readTool).unreadable.map(({ ref, sentence }) => [
      ref.steps(),
      sentence.split(/[.;]/)[0],
    ]);
  assert.deepEqual(faults("[{]"), [[[{ from: 2, to: 3 }], "The tools are not JSON"]]);
  assert.deepEqual(faults('{"name":"f"}'), [[[], "The tools are not a list"]]);
  assert.deepEqual(faults('[1, "{\\"name\\":\\"f\\"}"]'), [
    [[{ from: 0, to: Number.POSITIVE_INFINITY }, 0], "This is no tool"],
  ]);
});
