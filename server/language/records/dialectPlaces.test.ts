/** Every place that a dialect gives to a tool or a call is where its text stands, however often it is encoded. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { DIALECTS } from "../../toolcalls/dialects/index.ts";
import { callsOf } from "../../toolcalls/dialects/model.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { samples } from "../../toolcalls/testing/dialects.ts";
import { ParsedRecord } from "./parsedRecord.ts";

const written = new Set([
  "anthropic",
  "hermes",
  "llama-factory",
  "mistral",
  "ms-swift",
  "openai",
  "openai-responses",
  "sharegpt",
]);

/** The value that stands at a place, with the escapes of all strings around it taken away. */
function valueAt(record: ParsedRecord, ref: Ref): unknown {
  const { start, end } = record.locator.locate(ref);
  let found = record.text.slice(start, end);
  for (const step of ref.steps()) if (typeof step === "object") found = JSON.parse(`"${found}"`);
  return JSON.parse(found);
}

for (const dialect of DIALECTS.filter(({ id }) => written.has(id))) {
  test(`${dialect.title}: names, arguments and types of parameters stand where they are said to`, () => {
    let places = 0;
    fc.assert(
      fc.property(samples, (sample) => {
        const record = ParsedRecord.parse(JSON.stringify(dialect.writeSample?.(sample).value));
        const [read] = dialect.read(record.value, Ref.root).samples;
        assert.ok(read?.offer.kind === "own");
        for (const { name, nameRef, arguments: values, argumentsRef } of callsOf(read)) {
          assert.equal(valueAt(record, nameRef), name);
          places++;
          for (const key of Object.keys(values))
            assert.equal(JSON.stringify(valueAt(record, argumentsRef.at(key))), JSON.stringify(values[key]));
        }
        for (const { name, nameRef, parameters, schemaRef } of read.offer.tools) {
          assert.equal(valueAt(record, nameRef), name);
          assert.equal(JSON.stringify(valueAt(record, schemaRef([]))), JSON.stringify(parameters));
        }
      }),
      { seed: 5, numRuns: 60 },
    );
    assert.ok(places > 20);
  });
}
