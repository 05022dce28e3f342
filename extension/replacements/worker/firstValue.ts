/** What a value begins as when a person asks for one: its default, else the least that its schema takes. */
import { isJsonObject } from "../../../server/toolcalls/json.ts";
import { formSchema } from "./formSchema.ts";

/** A schema may contain itself. */
const DEEPEST = 6;

/** @param root what references point into */
export function firstValue(root: unknown, schema: unknown, depth = 0): unknown {
  const { shape, options, properties = {}, required, items } = formSchema(root, schema);
  const { default: given, minimum, minItems } = isJsonObject(schema) ? schema : {};
  if (given !== undefined && given !== null) return given;
  if (options !== undefined) return options[0];
  if (depth >= DEEPEST) return null;
  switch (shape) {
    case "text":
      return "";
    case "number":
      return typeof minimum === "number" && minimum > 0 ? Math.ceil(minimum) : 0;
    case "list":
      return typeof minItems === "number" && minItems > 0 ? [firstValue(root, items, depth + 1)] : [];
    case "object":
      return Object.fromEntries(
        required
          .filter((name) => Object.hasOwn(properties, name))
          .map((name) => [name, firstValue(root, properties[name], depth + 1)]),
      );
    case "any":
      return null;
  }
}
