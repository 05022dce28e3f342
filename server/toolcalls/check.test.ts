import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { Kind } from "@sinclair/typebox";
import { Ajv } from "ajv";

const folder = path.join(import.meta.dirname, "..", "..", "schemas");

test("what is checked against is itself a schema, which no check asks at run time", async () => {
  const ajv = new Ajv({ strict: true });
  let schemas = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const exported: Record<string, unknown> = await import(path.join(folder, file));
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value !== "object" || value === null || !(Kind in value)) continue;
      schemas++;
      assert.ok(ajv.validateSchema(value), `${name} of ${file}: ${ajv.errorsText()}`);
    }
  }
  assert.ok(schemas > 40, `${schemas} schemas`);
  assert.ok(!ajv.validateSchema({ type: "objekt" }), "the test can fail");
});
