/** Validation by ajv. */
import { Ajv, type ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

export interface SchemaError {
  instancePath: (string | number)[];
  schemaPath: (string | number)[];
  keyword: string;
  message: string;
  params: Record<string, unknown>;
}

export interface CompiledSchema {
  validator?: (value: unknown) => SchemaError[];
  schemaErrors: SchemaError[];
}

export function compileSchema(
  schema: unknown,
  { draft = "2020-12" }: { draft?: "2020-12" | "draft-07"; timeBudgetMs?: number } = {},
): CompiledSchema {
  const options = { allErrors: true, strict: false, logger: false, validateSchema: false } as const;
  const ajv = draft === "draft-07" ? new Ajv(options) : new Ajv2020(options);
  try {
    const { $schema: _, ...rest } = Object(schema) as Record<string, unknown>;
    const validate = ajv.compile(rest);
    return {
      schemaErrors: [],
      validator: (value) => {
        validate(value);
        return (validate.errors ?? []).map((error) => toSchemaError(error, value));
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { schemaErrors: [{ instancePath: [], schemaPath: [], keyword: "$schema", message, params: {} }] };
  }
}

function toSchemaError(error: ErrorObject, root: unknown): SchemaError {
  const parts = (pointer: string): string[] =>
    pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  let value = root;
  const instancePath = parts(error.instancePath).map((part) => {
    const step = Array.isArray(value) ? Number(part) : part;
    value = Object(value)[step];
    return step;
  });
  return {
    instancePath,
    schemaPath: parts(error.schemaPath.replace(/^#/, "")),
    keyword: error.keyword,
    message: error.message ?? "",
    params: error.params,
  };
}
