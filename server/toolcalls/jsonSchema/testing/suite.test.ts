import assert from "node:assert/strict";
import test from "node:test";
import { compileSchema } from "../compileSchema.ts";
import { suiteCases, suiteDocuments, suiteFolder } from "./suite.ts";

const folder = suiteFolder();
const skip = folder === undefined && "the JSON-Schema-Test-Suite does not lie beside the repository";

for (const [draft, least] of [
  ["2020-12", 1_299],
  ["draft-07", 927],
] as const) {
  test(`every required test of the JSON-Schema-Test-Suite passes: ${draft}`, { skip }, () => {
    const documents = suiteDocuments(folder ?? "");
    const cases = suiteCases(folder ?? "", draft);
    assert.ok(cases.length >= least, `only ${cases.length} tests were found`);
    const failed = cases.filter(({ schema, value, valid }) => {
      const errors = compileSchema(schema, { draft, documents }).validator?.(value);
      return (errors?.length === 0) !== valid;
    });
    assert.deepEqual(
      failed.map(({ name }) => name),
      [],
    );
  });
}
