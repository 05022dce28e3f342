/** `ast.literal_eval`: the value of a text that holds a literal and nothing else. */
import { PythonError } from "./error.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { doubleOf, floatOf, hashKey, intOf, isNumeric, PythonTuple, type PythonValue, typeOf } from "./value.ts";

/** Undefined where Python raises: no literal, or no Python at all. */
export function literal(text: string): PythonValue | undefined {
  try {
    return valueIn(parseExpression(text.replace(/^[ \t]+/, "")));
  } catch (error) {
    if (error instanceof PythonError) return undefined;
    throw error;
  }
}

function valueIn(expression: Expression): PythonValue {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "list":
      return expression.items.map(valueIn);
    case "tuple":
      return new PythonTuple(expression.items.map(valueIn));
    case "dict":
      return new Map(expression.entries.map(([key, value]) => [hashKey(valueIn(key)), valueIn(value)]));
    case "unary":
      return signed(expression.operator, expression.operand);
    default:
      throw new PythonError("ValueError", "malformed node or string");
  }
}

function signed(operator: string, operand: Expression): PythonValue {
  const value = operand.kind === "constant" ? operand.value : null;
  if ((operator !== "-" && operator !== "+") || !isNumeric(value) || typeof value === "boolean")
    throw new PythonError("ValueError", "malformed node or string");
  if (operator === "+") return value;
  return typeOf(value) === "float" ? floatOf(-doubleOf(value)) : intOf(-BigInt(doubleOf(value)));
}
