import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Sample as Row } from "../../schemas/samples.ts";
import { splitByTool } from "./splitByTool.ts";

const names = Array.from({ length: 30 }, (_, index) => `tool_${index}`);

const row = (id: number, called: string[], offered: string[]): Row => ({
  id: `row-${id}`,
  query: `Question ${id}`,
  tools: [...new Set([...called, ...offered])],
  answer: called.map((name) => ({ name, arguments: {} })),
});

const rows = fc
  .array(fc.tuple(fc.subarray(names, { maxLength: 2 }), fc.subarray(names, { maxLength: 5 })), { maxLength: 200 })
  .map((list) => list.map(([called, offered], id) => row(id, called, offered)));

test("training never sees a held-out tool, and no row is lost or doubled", () => {
  fc.assert(
    fc.property(rows, fc.double({ min: 0, max: 0.9, noNaN: true }), fc.nat(1000), (all, fraction, seed) => {
      const { train, heldOut, heldOutTools, mixed } = splitByTool(all, [], { fraction, seed });
      const sides = [...train, ...heldOut, ...mixed].map(({ id }) => id);
      assert.deepEqual(sides.sort(), all.map(({ id }) => id).sort());
      assert.deepEqual(mixed, [], "tools that are called together stay together");
      const seen = new Set(train.flatMap(({ tools, answer }) => [...tools, ...answer.map(({ name }) => name)]));
      assert.deepEqual(
        heldOutTools.filter((tool) => seen.has(tool)),
        [],
      );
      for (const { answer } of heldOut) for (const { name } of answer) assert.ok(heldOutTools.includes(name), name);
      for (const { tools, answer } of train) for (const { name } of answer) assert.ok(tools.includes(name), name);
    }),
    { seed: 17, numRuns: 300 },
  );
});

test("the held-out part is near the fraction where no tool is in most rows", () => {
  const all = Array.from({ length: 1000 }, (_, id) => row(id, [`tool_${id % 100}`], []));
  const { heldOut, heldOutTools } = splitByTool(all, [], { fraction: 0.1, seed: 3 });
  assert.equal(heldOut.length, 100);
  assert.equal(heldOutTools.length, 10);
  assert.notDeepEqual(splitByTool(all, [], { fraction: 0.1, seed: 4 }).heldOutTools, heldOutTools);
  assert.deepEqual(splitByTool(all, [], { fraction: 0.1, seed: 3 }).heldOutTools, heldOutTools);
});

test("variants of one tool are on one side", () => {
  const all = Array.from({ length: 40 }, (_, id) =>
    row(id, [id % 2 === 0 ? `search_${id % 20}` : `find_${id % 20}`], []),
  );
  const family = all.map(({ tools }) => tools[0] ?? "").filter((name) => name.startsWith("search"));
  for (let seed = 0; seed < 20; seed++) {
    const { heldOutTools } = splitByTool(all, [[...new Set(family)]], { fraction: 0.4, seed });
    const held = heldOutTools.filter((name) => name.startsWith("search")).length;
    assert.ok(held === 0 || held === new Set(family).size, `seed ${seed}`);
  }
});

test("a training row no longer offers a held-out tool that it did not call", () => {
  const all = [row(0, ["tool_0"], ["tool_1"]), row(1, ["tool_1"], ["tool_0"])];
  for (let seed = 0; seed < 10; seed++) {
    const { train, heldOut, narrowed } = splitByTool(all, [], { fraction: 0.5, seed });
    assert.equal(train[0]?.tools.length, 1);
    assert.equal(heldOut[0]?.tools.length, 2, "beside the unseen tool, what was seen may distract");
    assert.equal(narrowed, 1);
  }
});
