/**
 * How our validation of JSON Schema stands on the required tests of the JSON-Schema-Test-Suite, beside ajv's.
 *
 *     node scripts/evidence/jsonSchemaSuite.ts [--suite <folder with draft2020-12, draft7, remotes>] [--out bench/results]
 *
 * Writes a table that names every test not passed. The suite is not part of this repository.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { plain } from "../../server/toolcalls/display.ts";
import { compileSchema } from "../../server/toolcalls/jsonSchema/compileSchema.ts";
import type { Draft } from "../../server/toolcalls/jsonSchema/dialects.ts";
import {
  type SuiteCase,
  suiteCases,
  suiteDocuments,
  suiteFolder,
} from "../../server/toolcalls/jsonSchema/testing/suite.ts";

type Documents = ReadonlyMap<string, unknown>;
type Verdict = (test: SuiteCase, draft: Draft, documents: Documents) => boolean;

const { values } = parseArgs({
  options: {
    suite: { type: "string", default: suiteFolder() ?? "" },
    out: { type: "string", default: join(import.meta.dirname, "..", "..", "bench", "results") },
  },
});
if (values.suite === "") throw new Error("The suite was not found; name its folder with --suite.");

const documents = suiteDocuments(values.suite);
const engines: [name: string, verdict: Verdict][] = [
  ["ours", ourVerdict],
  ["ajv 8.20.0", ajvVerdict],
];
const lines = [
  "# JSON-Schema-Test-Suite, required tests",
  "",
  "Written by `node scripts/evidence/jsonSchemaSuite.ts`. Both engines are given the suite's remote documents; a schema",
  "that an engine refuses counts as not passed. Formats are remarks, as the drafts have them.",
  "",
  "| draft | engine | passed | of |",
  "|---|---|---|---|",
];
const failures: string[] = [];
for (const draft of ["2020-12", "draft-07"] as const) {
  const cases = suiteCases(values.suite, draft);
  for (const [name, verdict] of engines) {
    const failed = cases.filter((test) => verdict(test, draft, documents) !== test.valid);
    lines.push(`| ${draft} | ${name} | ${cases.length - failed.length} | ${cases.length} |`);
    failures.push("", `## ${draft}, ${name}: ${failed.length} not passed`, "");
    failures.push(...(failed.length === 0 ? ["None."] : failed.map((test) => `- ${plain(test.name, 300)}`)));
  }
}
mkdirSync(values.out, { recursive: true });
const file = join(values.out, "json-schema-suite.md");
writeFileSync(file, `${[...lines, ...failures].join("\n")}\n`);
console.log(lines.slice(5).join("\n"), `\nwritten to ${file}`);

function ourVerdict({ schema, value }: SuiteCase, draft: Draft, known: Documents): boolean {
  return compileSchema(schema, { draft, documents: known }).validator?.(value).length === 0;
}

/** Ajv's verdict; the wrong one where it refuses the schema. */
function ajvVerdict({ schema, value, valid }: SuiteCase, draft: Draft, known: Documents): boolean {
  const Engine = draft === "2020-12" ? Ajv2020 : Ajv;
  const ajv = new Engine({ strict: false, validateFormats: false, validateSchema: false, logger: false });
  for (const [uri, document] of known) {
    // The suite serves documents of all drafts; those that this one cannot take in are no test of it.
    try {
      if (uri.includes(draft === "2020-12" ? "/draft2020-12/" : "/draft7/") || !/\/(draft|v1)/.test(uri))
        ajv.addSchema(document as object, uri);
    } catch {}
  }
  try {
    return ajv.validate(schema as object, value) === true;
  } catch {
    return !valid;
  }
}
