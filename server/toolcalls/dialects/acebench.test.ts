import assert from "node:assert/strict";
import test from "node:test";
import { acebench } from "./acebench.ts";
import { Ref } from "./ref.ts";
import { callContents, standsAt } from "./testing/contents.ts";

test("A question: the dialogue in one text, parameters under either key", () => {
  const schema = { type: "object", properties: { a: { type: "dict" } } };
  const record = {
    id: "normal_1",
    question: 'user: Book it.\nsystem: [book(a={"b": [1]})]\nsystem: Done.\nuser: Thanks\n',
    function: [
      { name: "book", description: "", arguments: schema },
      { name: "pay", description: "", parameters: schema },
    ],
    time: "",
  };
  const [sample] = acebench.read(record, Ref.root).samples;
  assert.ok(sample?.offer.kind === "own");
  assert.equal(sample.query, "Book it.");
  assert.equal(standsAt(record, sample.queryRef), "Book it.");
  assert.deepEqual(
    sample.offer.tools.map(({ schemaRef }) => standsAt(record, schemaRef(["properties", "a", "type"]))),
    ["dict", "dict"],
  );
  const [call] = sample.turns[1]?.calls ?? [];
  assert.ok(call !== undefined);
  assert.equal(standsAt(record, call.argumentsRef.at("a", "b", 0)), "1");
  assert.deepEqual(
    sample.turns.map(({ role }) => role),
    ["user", "assistant", "assistant", "user"],
  );
  assert.deepEqual(acebench.writeSample?.(sample).lost, []);
});

test("Numbers at the end of names tell repeated calls apart, and are no part of the name", () => {
  const gold = (ground_truth: unknown) =>
    acebench.read({ id: "a", ground_truth }, Ref.root).samples[0]?.gold?.map(callContents);
  assert.deepEqual(gold({ book_1: { x: 1 }, book_2: { x: 2 }, step_3: {} }), [
    { name: "book", arguments: { x: 1 } },
    { name: "book", arguments: { x: 2 } },
    { name: "step_3", arguments: {} },
  ]);
  assert.deepEqual(gold([{ f: {} }, "f()"]), [{ name: "f", arguments: {} }]);
});
