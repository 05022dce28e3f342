/** Numbers in texts, as Python's `int` and then `float` read them. */
import { strip } from "../../python/text.ts";
import { floatOf, intOf, type PythonValue } from "../../python/value.ts";

const INT = /^([+-]?)(\d+(?:_\d+)*)$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;
/** Texts of more digits are refused by Python too. */
const LONGEST = 4300;

/** Undefined where the text is no number. */
export function numberIn(text: string): PythonValue | undefined {
  const source = strip(text);
  if (source.length > LONGEST) return undefined;
  const [, sign = "", digits] = INT.exec(source) ?? [];
  if (digits !== undefined) {
    const value = BigInt(digits.replaceAll("_", ""));
    return intOf(sign === "-" ? -value : value);
  }
  if (FLOAT.test(source)) return floatOf(Number(source.replaceAll("_", "")));
  const special = SPECIAL.exec(source);
  if (special === null) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
