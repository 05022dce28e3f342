/** Python literals as `repr` prints them: JSON's values with single quotes, True, False, None and tuples. */
import { endOfLiteral, firstExpression, PythonBudget, PythonFault } from "./pythonSyntax.ts";
import { literalValue, type PythonValue } from "./pythonValue.ts";
import type { Layout } from "./ref.ts";

export interface PythonLiteral {
  value: unknown;
  /** Offset behind it. */
  end: number;
  /** Where its parts stand. */
  layout: Layout;
}

/** Rows repeat the descriptions of their tools, and parsing is what costs. */
const kept = new Map<string, PythonValue | undefined>();
const KEPT = 256;

/**
 * The value that a Python literal stands for, or undefined where the text from there on does not begin with a literal of JSON's kinds
 * or is too long. Tuples become lists. Equal texts give the same value, so it must not be changed.
 */
export function readPythonLiteral(text: string, from = 0, budget = new PythonBudget()): PythonLiteral | undefined {
  const source = text.slice(from, endOfLiteral(text, from));
  const found = kept.has(source) ? kept.get(source) : read(source, budget);
  kept.delete(source);
  kept.set(source, found);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? "");
  if (found === undefined) return undefined;
  const layout = moved(found.layout, from);
  return { value: found.value, end: layout.span.to, layout };
}

function read(source: string, budget: PythonBudget): PythonValue | undefined {
  try {
    budget.spend(source.length);
    const expression = firstExpression(source);
    return source.slice(expression.to).trim() === "" ? literalValue(expression, source) : undefined;
  } catch (error) {
    if (error instanceof PythonFault) return undefined;
    throw error;
  }
}

function moved(layout: Layout, by: number): Layout {
  if (by === 0) return layout;
  const shift = ({ from, to }: { from: number; to: number }): { from: number; to: number } => ({
    from: from + by,
    to: to + by,
  });
  const inside = layout.inside && new Map([...layout.inside].map(([step, inner]) => [step, moved(inner, by)]));
  return { span: shift(layout.span), ...(layout.key && { key: shift(layout.key) }), ...(inside && { inside }) };
}
