import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import world, { goods, people, units, worldOf } from "../../examples/episodes/world.mjs";
import { catalog } from "./catalog.ts";
import { rowPart } from "./rowSupply.ts";

test("every tool of the catalog has a function, and every function a tool", () => {
  assert.deepEqual(Object.keys(world).sort(), [...catalog.keys()].sort());
});

test("the tables are whole, no name stands twice, and both parts have rows of them", () => {
  const names = [...goods, ...people].map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, price, weight } of goods) assert.ok(/^[a-z]+$/.test(name) && price > 0 && weight > 0, name);
  for (const { name, city, desk, start } of people) {
    assert.match(name, /^[A-Z][a-z]+$/);
    assert.match(city, /^[A-Z][a-z]+$/);
    assert.ok(desk > 10 && desk < 100, name);
    assert.doesNotThrow(() => world.calendar({ from: start, to: start }), name);
  }
  for (const rows of [goods, people]) {
    const held = rows.filter(({ name }) => rowPart(name) === "heldOut").length;
    assert.ok(held >= 10 && rows.length - held >= 20, String(held));
  }
});

test("the tools that compute agree with one another", () => {
  const number = fc.integer({ min: -9999, max: 9999 });
  fc.assert(
    fc.property(number, number, (a, b) => {
      assert.equal(world.calculator({ a, op: "+", b }), world.spreadsheet({ formula: `SUM(${a},${b})` }));
      assert.equal(
        Number(world.calculator({ a, op: "*", b })),
        Number(world.spreadsheet({ formula: `PRODUCT(${a},${b})` })),
      );
      assert.equal(world.calculator({ a, op: "-", b }), world.ledger({ received: a, spent: b }));
      assert.equal(world.calculator({ a, op: "-", b }), world.spreadsheet({ formula: `SUM(${a},${-b})` }));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("the calendar counts days over months, leap years and backwards", () => {
  const days = (from: string, to: string): string => world.calendar({ from, to });
  assert.equal(days("2024-02-28", "2024-03-01"), "2 days");
  assert.equal(days("2025-02-28", "2025-03-01"), "1 days");
  assert.equal(days("2026-03-20", "2026-04-05"), "16 days");
  assert.equal(days("2026-12-31", "2026-01-01"), "-364 days");
});

test("the converter knows every unit that the catalog names, and no other pair", () => {
  for (const [from, targets] of Object.entries(units)) {
    for (const [to, factor] of Object.entries(targets)) {
      assert.equal(world.converter({ value: 3, from, to }), `${3 * factor} ${to}`);
    }
  }
  assert.throws(() => world.converter({ value: 3, from: "kg", to: "minutes" }), /kg cannot be converted to minutes/);
});

test("look-ups answer the same, each in its way", () => {
  assert.equal(world.price_list({ item: "stapler" }), "14 EUR");
  assert.equal(world.table({ row: "stapler", column: "price" }), "14 EUR");
  assert.equal(world.search({ about: "stapler" }), "stapler: price 14 EUR, weight 2 kg");
  assert.equal(world.search({ about: "Agnes" }), "Agnes: city Bergen, desk 41, start 2025-02-03");
});

test("what a tool cannot answer it says in a sentence that names it", () => {
  assert.throws(() => world.table({ row: "unicorn", column: "price" }), /nothing is known about "unicorn"/);
  assert.throws(() => world.table({ row: "stapler", column: "city" }), /"stapler" has no city/);
  assert.throws(() => world.price_list({ item: "Agnes" }), /"Agnes" has no price/);
  for (const formula of ["", "SUM()", "SUM(1,)", "AVG(1,2)", "SUM(1.5,2)", "SUM(1,2)+1", `SUM(${"1,".repeat(40)}1)`])
    assert.throws(() => world.spreadsheet({ formula }), /a formula is/, formula);
  for (const from of ["2025-02-30", "2025-2-3", "tomorrow", "2025-13-01"])
    assert.throws(() => world.calendar({ from, to: "2025-01-01" }), /is no day/, from);
});

test("a policy that is warmed up on other tables finds nothing of this one in them", () => {
  const other = worldOf({ goods: [{ name: "gadget", price: 3, weight: 1 }], people: [] });
  assert.equal(other.price_list({ item: "gadget" }), "3 EUR");
  assert.throws(() => other.search({ about: "stapler" }), /nothing is known/);
});
