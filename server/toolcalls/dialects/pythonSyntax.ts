/** Python's grammar: the expression that a text holds, within bounds of length and time. */
import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/python";
import type { TextSpan } from "./ref.ts";

/** Longest text that is parsed, in UTF-16 units; calls and descriptions of tools are a tenth of it. */
const MAX_LENGTH = 16_384;

/** Longest text whose mistakes are repaired, so that what stands around them is still read; repairing is what takes long. */
const MAX_REPAIRED = 2_048;

/** What keeps a piece of Python from being read. */
export class PythonFault extends Error {
  readonly span: TextSpan;

  /** @param sentence what is wrong, and what to do */
  constructor(span: TextSpan, sentence: string) {
    super(sentence);
    this.span = span;
  }
}

/** How much Python one record may make us parse: a megabyte of it would keep the editor waiting for seconds. */
export class PythonBudget {
  #left = 4 * MAX_LENGTH;

  /** @throws PythonFault where the text is longer than what is left */
  spend(length: number): void {
    this.#left -= length;
    if (this.#left < 0) throw new PythonFault({ from: 0, to: length }, "The record holds more Python than is read.");
  }
}

const strict = parser.configure({ strict: true });

/**
 * The first expression of a text. That of a short text may hold mistakes (`parts` finds them); a long one must have none.
 * @throws PythonFault where the text is too long, or no Python expression
 */
export function firstExpression(text: string): SyntaxNode {
  const whole = { from: 0, to: text.length };
  if (text.length > MAX_LENGTH)
    throw new PythonFault(whole, `This is longer than ${MAX_LENGTH} characters and is not read.`);
  const statement = (text.length > MAX_REPAIRED ? strictly(text) : parser.parse(text)).topNode.firstChild;
  const expression = statement?.name === "ExpressionStatement" ? statement.firstChild : null;
  if (expression === null || expression.type.isError)
    throw new PythonFault(whole, "A call or a value is missing here.");
  return expression;
}

/** @throws PythonFault at the first mistake */
function strictly(text: string): Tree {
  try {
    return strict.parse(text);
  } catch (error) {
    const [, offset = "0"] = /(\d+)$/.exec(error instanceof SyntaxError ? error.message : "") ?? [];
    const from = Math.min(Number(offset), text.length - 1);
    throw new PythonFault({ from, to: from + 1 }, "Python does not allow this here.");
  }
}

/** Behind the literal that begins at `from`: behind its last bracket, or the end of the text where it has none. */
export function endOfLiteral(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "'" || character === '"') {
      at = endOfQuotes(text, at, character);
      if (depth === 0) break;
    } else if ("[({".includes(character)) depth++;
    else if ("])}".includes(character)) {
      depth--;
      if (depth <= 0) return at + 1;
    } else if (depth === 0 && character.trim() !== "") break;
  }
  return text.length;
}

function endOfQuotes(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === quote) return at;
    if (character === "\\") at++;
  }
  return text.length;
}

const PUNCTUATION: ReadonlySet<string> = new Set(["(", ")", "[", "]", "{", "}", ",", ":", "Comment"]);

/** The children that hold something; a repaired mistake among them is a fault. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.isError) throw mistake(child);
    if (!PUNCTUATION.has(child.name)) found.push(child);
  }
  return found;
}

export function mistake({ from, to }: SyntaxNode): PythonFault {
  const sentence =
    to > from ? "Python does not allow this here." : "Something is missing here: a quote, a bracket or a comma.";
  return new PythonFault({ from, to }, sentence);
}
