import assert from "node:assert/strict";
import test from "node:test";
import { Ajv } from "ajv";
import { Sample } from "../../schemas/samples.ts";
import { parseCompletion } from "../../server/toolcalls/completion.ts";
import { catalog } from "./catalog.ts";
import { drawDataset } from "./dataset.ts";
import { tools } from "./domains/index.ts";
import { houseVariant, variantPrior } from "./priors.ts";
import type { Row } from "./row.ts";
import { conventionOf, type ToolSpec } from "./toolSpec.ts";
import { type WarmupRow, warmupRows } from "./warmupRows.ts";

const rows = [...warmupRows(5, 6000)];
const { train, heldOut, demonstrations } = drawDataset();

test("the same seed gives the same rows, and a longer stream begins like a shorter one", () => {
  const samples = (stream: Iterable<WarmupRow>) => Array.from(stream, (row) => row.sample);
  assert.deepEqual(samples(warmupRows(5, 50)), samples(rows.slice(0, 50)));
  assert.notDeepEqual(samples(warmupRows(6, 50)), samples(rows.slice(0, 50)));
});

test("rows are samples", () => {
  const validate = new Ajv().compile(Sample);
  for (const { sample } of rows) assert.ok(validate(sample), JSON.stringify(validate.errors));
});

test("the kinds of prompt come in the shares that were asked for", () => {
  const share = (all: WarmupRow[], kind: string) => all.filter((row) => row.kind === kind).length / all.length;
  assert.ok(Math.abs(share(rows, "raw") - 0.5) < 0.03);
  assert.ok(Math.abs(share(rows, "fewShot") - 0.35) < 0.03);
  const onlyRaw = [...warmupRows(5, 200, { raw: 1, fewShot: 0, selfExemplify: 0 })];
  assert.equal(share(onlyRaw, "raw"), 1);
});

test("nothing that is committed comes up: no query, no free value, no held-out phrasing", () => {
  const committed = [...train, ...heldOut, ...demonstrations];
  const queries = new Set(committed.map((row) => row.query));
  const free = new Set(committed.flatMap((row) => row.free));
  const phrasings = new Set(heldOut.flatMap((row) => row.phrasings));
  for (const { row, demonstrations: shown } of rows) {
    assert.ok(!queries.has(row.query), row.query);
    for (const each of [row, ...shown]) {
      for (const item of each.free) assert.ok(!free.has(item), item);
      for (const id of each.phrasings) assert.ok(!phrasings.has(id), id);
    }
  }
});

test("the examples of a self-exemplifying completion hold no committed name", () => {
  const names = [...train, ...heldOut]
    .flatMap((row) => row.free)
    .filter((item) => /^(city|firstName|lastName)=/.test(item));
  const known = new Set(names.map((item) => item.slice(item.indexOf("=") + 1)));
  for (const { sample } of rows) {
    for (const word of sample.completion?.match(/\p{Lu}\p{Ll}+/gu) ?? []) assert.ok(!known.has(word), word);
  }
});

/** What each variant looks like, for two tools whose variants can be told apart by their looks. */
const forms: Record<string, Record<string, RegExp>> = {
  get_ticket: { bare: /:"\d+"/, hash: /"#\d/, dash: /"TK-\d/, joined: /"TK\d/, word: /"ticket:\d/ },
  book_hotel: {
    iso: /"\d{4}-\d\d-\d\d"/,
    dotted: /"\d\d\.\d\d\.\d{4}"/,
    compact: /"\d{8}"/,
    slash: /"\d\d\/\d\d\/\d{4}"/,
    short: /"[A-Z][a-z]{2} \d+"/,
  },
};

test("a few-shot row shows each of its tools in the variant of its answer", () => {
  let looked = 0;
  for (const { kind, row, demonstrations: shown, conventions } of rows) {
    assert.equal(shown.length > 0, kind === "fewShot");
    if (kind !== "fewShot") continue;
    assert.ok(shown.length <= 3);
    for (const name of new Set(row.answer.map((call) => call.name))) {
      const using = shown.filter((each) => each.answer.some((call) => call.name === name));
      assert.ok(using.length > 0, row.query);
      const form = forms[name]?.[conventions.get(name) as string];
      if (!form) continue;
      for (const { answer } of [row, ...using]) {
        for (const call of answer) if (call.name === name) assert.match(JSON.stringify(call), form);
      }
      looked += 1;
    }
    for (const each of shown) assert.notDeepEqual(each.answer, row.answer);
  }
  assert.ok(looked > 50);
});

test("variants follow the prior in raw rows and are even in few-shot rows", () => {
  for (const tool of tools) {
    const convention = conventionOf(tool);
    if (!convention) continue;
    const share = (few: boolean, variant: string): number => {
      const drawn = rows.filter((row) => (row.kind === "fewShot") === few);
      return drawn.filter((row) => row.conventions.get(tool.name) === variant).length / drawn.length;
    };
    for (const [variant, expected] of variantPrior(tool)) {
      assert.ok(Math.abs(share(false, variant) - expected) < 0.035, `${tool.name} ${variant}`);
      assert.ok(Math.abs(share(true, variant) - 1 / convention.variants.length) < 0.05, `${tool.name} ${variant}`);
    }
  }
});

test("a self-exemplifying completion shows four different examples of offered tools, then makes the gold calls", () => {
  let seen = 0;
  for (const { kind, sample } of rows) {
    assert.equal(sample.completion !== undefined, kind === "selfExemplify");
    assert.equal(sample.style, kind === "selfExemplify" ? "self-exemplify" : undefined);
    if (sample.completion === undefined) continue;
    seen += 1;
    const [, inside = "", after = ""] = /^<examples>\n(.*)\n<\/examples>\n(.*)$/s.exec(sample.completion) ?? [];
    const lines = inside.split("\n");
    assert.ok(new Set(lines).size >= 4);
    for (const line of lines) {
      const example = JSON.parse(line) as Record<string, unknown>;
      assert.deepEqual(Object.keys(example), ["tool", "question", "answer"]);
      assert.ok(sample.tools.includes(example.tool as string));
      const { parameters } = catalog.get(example.tool as string)?.function ?? {};
      const known = Object.keys((parameters as { properties: object }).properties);
      assert.ok(
        Object.keys(example.answer as object).every((key) => known.includes(key)),
        line,
      );
    }
    assert.ok(after.startsWith(`Asked: ${sample.query} `), "the request stands before its call again");
    const { calls, formatOk } = parseCompletion(after);
    assert.ok(formatOk);
    assert.deepEqual(calls, sample.answer);
  }
  assert.ok(seen > 500);
});

test("the priors leave a policy that guesses by them between a third and two thirds solved, and enough rows hard", () => {
  const neededTools = (row: Row) => new Set(row.answer.length > 0 ? row.requests.map((request) => request.tool) : []);
  const house = (tool: ToolSpec) => new Map(variantPrior(tool)).get(houseVariant(tool)) as number;
  const likeliest = (tool: ToolSpec) => Math.max(...variantPrior(tool).map(([, share]) => share));
  const greedy = heldOut.filter((row) => [...neededTools(row)].every((tool) => house(tool) === likeliest(tool))).length;
  assert.ok(greedy / heldOut.length > 0.35 && greedy / heldOut.length < 0.65, String(greedy));
  const hard = train.map(
    (row) => (1 - [...neededTools(row)].reduce((product, tool) => product * house(tool), 1)) ** 10,
  );
  assert.ok(hard.reduce((sum, each) => sum + each, 0) / train.length > 0.15);
});
