import { conforms } from "../../toolcalls/conforms.ts";
import { standardSchema } from "../../toolcalls/dialects/typeNames.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";

/** Whether a value is of a type as a schema's `type` writes it; a name that means nothing known fits every value. */
export function isOfType(value: unknown, type: unknown): boolean {
  const schema = standardSchema({ type });
  if (conforms(schema, value)) return true;
  const plainType = isJsonObject(schema) && Object.keys(schema).every((keyword) => keyword === "type");
  return !plainType && ToolSchema.of(schema).errors(value).length === 0;
}
