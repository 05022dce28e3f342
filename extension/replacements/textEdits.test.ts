import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Change } from "../../schemas/replacementView.ts";
import { ChangeRefused, changedText } from "./textEdits.ts";

const text = `{
    "sample": "a",   "action": "fewshot",
    "demonstrations": [
        { "query": "one", "calls": [] },

        { "query": "two", "calls": [{ "name": "f", "arguments": { "id": 12345678901234567890 } }] }
    ]
}
`;

test("a value is set where it stands, and the rest stays as it was written", () => {
  const path = ["demonstrations", 0, "query"];
  assert.equal(
    changedText(text, [{ change: "set", path, json: '"three $& \\u0001"' }]),
    text.replace('"one"', () => '"three $& \\u0001"'),
  );
});

test("numbers that no double holds pass through untouched, in what is set and in what is not", () => {
  const changed = changedText(text, [
    {
      change: "set",
      path: ["demonstrations", 0, "calls"],
      json: '[{"name":"g","arguments":{"id":98765432109876543210}}]',
    },
    { change: "move", path: ["demonstrations"], from: 0, to: 1 },
  ]);
  assert.match(changed, /12345678901234567890.*98765432109876543210/s);
});

test("items are inserted as the file is laid out, and exchanged with all that they hold", () => {
  const inserted = changedText(text, [
    { change: "insert", path: ["demonstrations"], at: 99, json: '{\n  "query": "three",\n  "calls": []\n}' },
  ]);
  assert.match(inserted, /\n {8}\{\n {10}"query": "three",/);
  assert.equal(changedText(text, [{ change: "move", path: ["demonstrations"], from: 1, to: 1 }]), text);
});

test("a change that the text has no place for is refused", () => {
  const refused: Change[] = [
    { change: "set", path: ["note"], json: "{" },
    { change: "insert", path: ["gold"], at: 0, json: "{}" },
    { change: "move", path: ["demonstrations"], from: 0, to: 2 },
  ];
  for (const change of refused) assert.throws(() => changedText(text, [change]), ChangeRefused);
});

test("a changed text means what the same change of its value means", () => {
  const items = fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 5 });
  const one = fc.record({
    items,
    value: fc.jsonValue({ maxDepth: 2 }),
    from: fc.nat(),
    to: fc.nat(),
    kind: fc.constantFrom("set", "remove", "insert", "move"),
    indent: fc.constantFrom(0, 2, "\t"),
  });
  fc.assert(
    fc.property(one, ({ items, value, from, to, kind, indent }) => {
      const [at, target] = [from % items.length, to % items.length];
      const json = JSON.stringify(value, null, 2);
      const expected = structuredClone(items);
      const changes: Record<string, Change> = {
        set: { change: "set", path: ["list", at], json },
        remove: { change: "remove", path: ["list", at] },
        insert: { change: "insert", path: ["list"], at, json },
        move: { change: "move", path: ["list"], from: at, to: target },
      };
      if (kind === "set") expected[at] = value;
      else if (kind === "remove") expected.splice(at, 1);
      else if (kind === "insert") expected.splice(at, 0, value);
      else expected.splice(target, 0, ...expected.splice(at, 1));
      const changed = changedText(JSON.stringify({ list: items }, null, indent), [changes[kind] as Change]);
      assert.deepEqual(JSON.parse(changed), JSON.parse(JSON.stringify({ list: expected })));
    }),
    { seed: 5, numRuns: 500 },
  );
});
