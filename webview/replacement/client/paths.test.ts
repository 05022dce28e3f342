import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Change } from "../../../schemas/replacementView.ts";
import { pathAfter } from "./paths.ts";

test("a path leads to the same item after any change of the list it leads through", () => {
  const one = fc.record({
    count: fc.integer({ min: 1, max: 6 }),
    from: fc.nat(),
    to: fc.nat(),
    kind: fc.constantFrom("remove", "insert", "move"),
  });
  fc.assert(
    fc.property(one, ({ count, from, to, kind }) => {
      const items = Array.from({ length: count }, (_, index) => index);
      const [at, target] = [from % count, to % count];
      const after = [...items];
      let change: Change;
      if (kind === "move") {
        change = { change: "move", path: ["list"], from: at, to: target };
        after.splice(target, 0, ...after.splice(at, 1));
      } else if (kind === "remove") {
        change = { change: "remove", path: ["list", at] };
        after.splice(at, 1);
      } else {
        change = { change: "insert", path: ["list"], at, json: "-1" };
        after.splice(at, 0, -1);
      }
      for (const item of items) {
        const index = after.indexOf(item);
        assert.deepEqual(pathAfter(["list", item, "x"], change), index === -1 ? undefined : ["list", index, "x"]);
        assert.deepEqual(pathAfter(["other", item], change), ["other", item]);
      }
    }),
    { seed: 7 },
  );
});

test("a member that is left out takes its inside with it, and leaves its neighbours", () => {
  const change: Change = { change: "remove", path: ["a", "b"] };
  assert.equal(pathAfter(["a", "b", 0], change), undefined);
  assert.deepEqual(pathAfter(["a", "c"], change), ["a", "c"]);
});
