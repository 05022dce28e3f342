import assert from "node:assert/strict";
import test from "node:test";
import { Ajv } from "ajv";
import type { Tool } from "../../schemas/tools.ts";
import { catalog } from "./catalog.ts";
import { demonstrationId, drawDataset, sizes, toSample } from "./dataset.ts";
import { tools } from "./domains/index.ts";
import { houseVariant } from "./priors.ts";
import type { Row } from "./row.ts";
import { kindsOf, type Parameter, type ToolSpec } from "./toolSpec.ts";
import type { Json } from "./values/kind.ts";

const dataset = drawDataset();
const { train, heldOut, demonstrations } = dataset;
const everything = [...train, ...heldOut, ...demonstrations];

test("the promised numbers of rows, in the promised mixture", () => {
  assert.ok(train.length >= 600);
  assert.equal(heldOut.length, 2000);
  assert.ok(demonstrations.length >= 60);
  for (const rows of [train, heldOut]) {
    const share = (category: string) => rows.filter((row) => row.category === category).length / rows.length;
    assert.ok(Math.abs(share("single") - 0.6) < 0.01);
    assert.ok(Math.abs(share("several") - 0.13) < 0.01);
    assert.ok(Math.abs(share("parallel") - 0.13) < 0.01);
    assert.ok(Math.abs(share("none") - 0.14) < 0.01);
  }
});

test("every tool is asked for in each part, and shown by three demonstrations at least", () => {
  for (const tool of tools) {
    const using = (rows: Row[]) => rows.filter((row) => row.answer.some((call) => call.name === tool.name)).length;
    assert.ok(using(train) >= 10, tool.name);
    assert.ok(using(heldOut) >= 40, tool.name);
    assert.ok(using(demonstrations) >= 3, tool.name);
  }
});

test("a row offers one to four different tools, those of its answer among them", () => {
  for (const row of everything) {
    const offered = new Set(row.offered.map((tool) => tool.name));
    assert.equal(offered.size, row.offered.length);
    assert.ok(offered.size >= 1 && offered.size <= 4);
    for (const call of row.answer) assert.ok(offered.has(call.name), row.query);
  }
});

test("the categories are what they say", () => {
  for (const row of everything) {
    const names = row.answer.map((call) => call.name);
    const [calls, different] = [names.length, new Set(names).size];
    assert.deepEqual(
      [calls, different],
      { single: [1, 1], several: [2, 2], parallel: [2, 1], none: [0, 0] }[row.category],
      row.query,
    );
    if (row.category !== "none") continue;
    for (const { tool } of row.requests) assert.ok(!row.offered.includes(tool), row.query);
  }
});

test("every gold call follows the schema of its tool", () => {
  const ajv = new Ajv();
  const validators = new Map(
    Array.from(catalog, ([name, tool]) => {
      return [name, ajv.compile({ ...tool.function.parameters, additionalProperties: false })];
    }),
  );
  for (const { answer } of everything) {
    for (const call of answer) {
      const validate = validators.get(call.name);
      assert.ok(validate?.(call.arguments), `${JSON.stringify(call)}: ${ajv.errorsText(validate?.errors)}`);
    }
  }
});

test("arguments stand in the order of the schema's properties", () => {
  for (const { answer } of everything) {
    for (const call of answer) {
      const tool = catalog.get(call.name) as Tool;
      const { properties: known } = tool.function.parameters as { properties: object };
      const properties = Object.keys(known);
      const keys = Object.keys(call.arguments);
      assert.deepEqual(
        keys,
        properties.filter((name) => keys.includes(name)),
      );
    }
  }
});

test("queries and answers are all different, so no demonstration gives a row's answer away", () => {
  const queries = everything.map((row) => row.query);
  assert.equal(new Set(queries).size, queries.length);
  const answers = everything.filter((row) => row.answer.length > 0).map((row) => JSON.stringify(row.answer));
  assert.equal(new Set(answers).size, answers.length);
});

test("ids are unique", () => {
  const ids = train.map((row, index) => toSample("train", row, index, sizes.train).id);
  ids.push(...demonstrations.map((_, index) => demonstrationId(index)));
  assert.equal(new Set(ids).size, ids.length);
});

/** Values of closed sets are exempt: the words of values/closed.ts and small counts carry no `free` entry. */
test("held-out values and phrasings occur in no row that is learnt from", () => {
  const learnt = [...train, ...demonstrations];
  for (const what of ["free", "phrasings"] as const) {
    const known = new Set(learnt.flatMap((row) => row[what]));
    for (const row of heldOut) for (const item of row[what]) assert.ok(!known.has(item), `${item} in "${row.query}"`);
  }
});

test("nearly every held-out row holds a value that is free", () => {
  const free = heldOut.filter((row) => row.free.length > 0).length;
  assert.ok(free / heldOut.length > 0.95, String(free));
});

function values(parameters: readonly Parameter[], args: Record<string, Json>): [Parameter, Json][] {
  return parameters.flatMap((parameter): [Parameter, Json][] => {
    const written = args[parameter.name];
    if (written === undefined) return [];
    if (parameter.form === "object") return values(parameter.fields, written as Record<string, Json>);
    return parameter.form === "list" ? (written as Json[]).map((item) => [parameter, item]) : [[parameter, written]];
  });
}

/** The form of what a house variant writes, independent of the code that wrote it. */
const houseForms: Record<string, RegExp> = {
  get_weather: /^[CF]$/,
  find_flights: /^202[67]-\d\d-\d\d$/,
  book_hotel: /^202[67]\d{4}$/,
  train_times: /^\d\d:\d\d$/,
  set_heating: /^\d*00$/,
  switch_socket: /^(on|off)$/,
  dim_light: /^\d+%$/,
  set_alarm: /^\d\dh\d\d$/,
  get_ticket: /^ticket:\d{4}$/,
  assign_ticket: /^@[a-z]+$/,
  set_priority: /^P[1-4]$/,
  create_ticket: /^\+1-\d{3}-\d{4}$/,
  add_labels: /^#[a-z]+$/,
  create_event: /^202[67]-\d\d-\d\d$/,
  send_message: /^[A-Z][a-z]+, [A-Z][a-z]+$/,
  set_reminder: /^[A-Z][a-z]{2} \d{1,2}$/,
  find_slot: /^PT\d+M$/,
  translate: /^[a-z]{2}$/,
  send_money: /^\d{3,5}$/,
  convert_currency: /^[A-Z]{3}$/,
  get_invoice: /^INV-\d{4}$/,
  pay_bill: /^\d\d\.\d\d\.202[67]$/,
  tax_rate: /^[A-Z]{3}$/,
  book_table: /^\d\d:\d\d$/,
  track_order: /^#\d{4}$/,
  ship_parcel: /^[A-Z]{2}$/,
};

test("every committed answer follows the house variant of its tool", () => {
  const byName = new Map<string, ToolSpec>(tools.map((tool) => [tool.name, tool]));
  let checked = 0;
  for (const { answer } of everything) {
    for (const call of answer) {
      const tool = byName.get(call.name) as ToolSpec;
      const form = houseForms[tool.name];
      if (!form) continue;
      for (const [parameter, written] of values(tool.parameters, call.arguments as Record<string, Json>)) {
        if (parameter.form === "object" || parameter.kind.variants.length < 2) continue;
        assert.match(String(written), form, JSON.stringify(call));
        checked += 1;
      }
    }
  }
  assert.ok(checked > 1500);
  assert.deepEqual(
    Object.keys(houseForms).sort(),
    tools
      .filter((tool) => kindsOf(tool.parameters).some((kind) => kind.variants.length > 1))
      .map(({ name }) => name)
      .sort(),
  );
  for (const tool of tools) if (!houseForms[tool.name]) assert.equal(houseVariant(tool), "plain");
});

test("the same seed draws the same rows, another seed draws others", () => {
  assert.deepEqual(drawDataset(), dataset);
  const other = new Set(drawDataset(1).train.map((row) => row.query));
  assert.ok(train.filter((row) => other.has(row.query)).length < 30);
});
