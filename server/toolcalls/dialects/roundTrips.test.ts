/** What every dialect that can be written promises: nothing gets lost in silence, and no value makes it throw. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Dialect } from "./dialect.ts";
import { DIALECTS, detectDialect } from "./index.ts";
import type { Sample } from "./model.ts";
import { Ref } from "./ref.ts";
import { arbitrarySample } from "./testing/arbitrarySample.ts";
import { contents, sampleContents } from "./testing/contents.ts";
import { corpusFiles, recordsOf, withoutCorpus } from "./testing/corpus.ts";

const HERE: ReadonlySet<string> = new Set([
  "acebench",
  "api-bank",
  "gorilla-api-zoo",
  "hammer",
  "seal-tools",
  "tau",
  "tool-alpaca",
  "toolace",
  "toolbench",
  "xlam",
]);
const dialects = DIALECTS.filter(({ id }) => HERE.has(id));
const writable = dialects.flatMap(({ writeSample, ...dialect }) =>
  writeSample === undefined ? [] : [{ ...dialect, writeSample }],
);

/** The one sample that a written record holds. */
function readBack(dialect: Pick<Dialect, "read" | "id">, value: unknown): Sample {
  // What is written goes through a file.
  const { samples } = dialect.read(JSON.parse(JSON.stringify(value)), Ref.root);
  assert.equal(samples.length, 1, `${dialect.id} does not read what it wrote`);
  return samples[0] as Sample;
}

for (const dialect of writable) {
  test(`${dialect.title}: what is written without a loss reads back the same`, () => {
    let whole = 0;
    fc.assert(
      fc.property(arbitrarySample, (sample) => {
        const { value, lost } = dialect.writeSample(sample);
        const back = readBack(dialect, value);
        if (lost.length > 0) return;
        whole++;
        assert.deepEqual(sampleContents(back), sampleContents(sample));
      }),
      { seed: 20_261_121, numRuns: 200 },
    );
    // Otherwise the property above would say nothing.
    assert.ok(whole > 5, `only ${whole} samples were written whole`);
  });

  test(`${dialect.title}: writing twice changes nothing more`, () => {
    fc.assert(
      fc.property(arbitrarySample, (sample) => {
        const once = readBack(dialect, dialect.writeSample(sample).value);
        const twice = readBack(dialect, dialect.writeSample(once).value);
        assert.deepEqual(sampleContents(twice), sampleContents(once));
      }),
      { seed: 7, numRuns: 100 },
    );
  });
}

const hostile = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(
    fc.constantFrom(
      ...["actions", "answers", "api_list", "api_name", "arguments", "calling", "conversations", "description"],
      ...["evaluation_criteria", "from", "function", "Function_Description", "Golden_Answers", "ground_truth", "id"],
      ...["input", "input_parameters", "instruction", "Instructions", "name", "output", "param_dict", "parameters"],
      ...["api_arguments", "query", "question", "required", "required_parameters", "role", "system", "tools", "value"],
    ),
    fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom(
        "[f(",
        "[f(a=[[[",
        "API-Request: [f(x='",
        "user: [a(b=1",
        "[BEGIN OF AVAILABLE TOOLS]\n[{",
        '"[{',
      ),
      fc.array(
        fc.dictionary(fc.constantFrom("from", "value", "role", "content", "name", "parameters"), fc.jsonValue()),
      ),
    ),
  ),
);

for (const dialect of dialects) {
  test(`${dialect.title}: no value makes it throw`, () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const score = dialect.detect(value);
        assert.ok(score >= 0);
        const { samples, tools } = dialect.read(value, Ref.root);
        for (const sample of samples) dialect.writeSample?.(sample);
        for (const tool of tools) {
          tool.schemaRef(["properties", "a", "type"]).steps();
          tool.schemaRef(["required", 0]).steps();
          dialect.writeTool?.(tool);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });
}

test("Records of the corpus that are written and read again say the same", { skip: withoutCorpus }, () => {
  const different: string[] = [];
  let compared = 0;
  for (const file of corpusFiles()) {
    const records = recordsOf(file).slice(0, 200);
    const id = detectDialect(records.slice(0, 20))?.id;
    const dialect = dialects.find((one) => one.id === id);
    if (dialect === undefined) continue;
    for (const record of records) {
      const reading = dialect.read(record, Ref.root);
      for (const sample of reading.samples) {
        const written = dialect.writeSample?.(sample);
        if (written === undefined) continue;
        compared++;
        const back = readBack(dialect, written.value);
        const same = JSON.stringify(sampleContents(back)) === JSON.stringify(sampleContents(sample));
        if (!same) different.push(`${file}: ${JSON.stringify(record).slice(0, 80)}`);
      }
      for (const tool of reading.tools) {
        const written = dialect.writeTool?.(tool);
        if (written === undefined) continue;
        compared++;
        const back = contents(dialect.read(JSON.parse(JSON.stringify(written.value)), Ref.root)).tools;
        const same = JSON.stringify(back) === JSON.stringify(contents({ ...reading, tools: [tool] }).tools);
        if (!same) different.push(`${file}: ${tool.name}`);
      }
    }
  }
  assert.deepEqual(different.slice(0, 20), []);
  assert.ok(compared > 1_000, `only ${compared} were compared`);
});
