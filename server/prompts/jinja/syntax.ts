/** The text of a template as a tree: the library's parser, with what Jinja does before it. */
import vm from "node:vm";
import { Template } from "@huggingface/jinja";
import { TemplateError } from "./work.ts";

/**
 * Nodes as the library makes them. Its own type declarations do not resolve under Node's module rules, and have no union that can be
 * narrowed.
 */
export type Node =
  | { type: "Program"; body: Node[] }
  | { type: "If"; test: Node; body: Node[]; alternate: Node[] }
  | { type: "For"; loopvar: Node; iterable: Node; body: Node[]; defaultBlock: Node[] }
  | { type: "Break" | "Continue" | "Comment" }
  | { type: "Set"; assignee: Node; value: Node | null; body: Node[] }
  | { type: "Macro"; name: Identifier; args: Parameter[]; body: Node[] }
  | CallStatement
  | { type: "FilterStatement"; filter: Identifier | Call; body: Node[] }
  | Identifier
  | Call
  | { type: "IntegerLiteral" | "FloatLiteral"; value: number }
  | { type: "StringLiteral"; value: string }
  | { type: "ArrayLiteral" | "TupleLiteral"; value: Node[] }
  | { type: "ObjectLiteral"; value: Map<Node, Node> }
  | MemberNode
  | { type: "SliceExpression"; start?: Node; stop?: Node; step?: Node }
  | { type: "BinaryExpression"; operator: { value: string }; left: Node; right: Node }
  | { type: "UnaryExpression"; operator: { value: string }; argument: Node }
  | { type: "FilterExpression"; operand: Node; filter: Identifier | Call }
  | { type: "TestExpression"; operand: Node; negate: boolean; test: Identifier }
  | { type: "SelectExpression"; lhs: Node; test: Node }
  | { type: "Ternary"; condition: Node; trueExpr: Node; falseExpr: Node }
  | { type: "SpreadExpression" | "KeywordSpreadExpression"; argument: Node }
  | KeywordArgument;

export interface Identifier {
  type: "Identifier";
  value: string;
}
export interface Call {
  type: "CallExpression";
  callee: Node;
  args: Node[];
}
export interface CallStatement {
  type: "CallStatement";
  call: Call;
  callerArgs: Parameter[] | null;
  body: Node[];
}
export interface MemberNode {
  type: "MemberExpression";
  object: Node;
  property: Node;
  computed: boolean;
}
export interface KeywordArgument {
  type: "KeywordArgumentExpression";
  key: Identifier;
  value: Node;
}
export type Parameter = Identifier | KeywordArgument;

/** Longest template that is read, in UTF-16 units; the longest of a model family has some twenty thousand. */
const LONGEST = 250_000;
/** The parser takes milliseconds; some of its patterns take quadratic time on texts made for it. */
const PARSING_MS = 5000;
/** White space in a row: the library's patterns look at each blank of it as often as there are blanks. Templates indent by some dozens. */
const MOST_BLANKS = 200;
const LONG_BLANK = new RegExp(`\\s{${MOST_BLANKS + 1}}`);

/**
 * The block with which transformers marks what the assistant wrote. The library removes its tags, and with them their hold on the white space
 * around; a filter that changes nothing is such a block too.
 */
const GENERATION = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;
const asFilter = (_: string, before: string, end: string | undefined, after: string): string =>
  `{%${before} ${end === undefined ? "filter safe" : "endfilter"} ${after}%}`;

/** @throws TemplateError on a template that is no Jinja, or that takes too long to read */
export function parseTemplate(source: string): Node {
  if (LONG_BLANK.test(source)) throw new TemplateError(`it has more than ${MOST_BLANKS} blanks in a row`);
  if (source.length > LONGEST) throw new TemplateError(`it is longer than ${LONGEST} characters`);
  // Jinja reads all line breaks as \n, also inside texts.
  const text = source.replace(/\r\n?/g, "\n").replace(GENERATION, asFilter);
  try {
    // A context of its own only for the limit: it interrupts whatever is called from it, functions of ours too.
    return vm.runInNewContext("parse()", { parse: () => parsed(text) }, { timeout: PARSING_MS });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      throw new TemplateError(`reading it takes longer than ${PARSING_MS / 1000} seconds`);
    throw error instanceof RangeError ? new TemplateError("it is nested too deep") : error;
  }
}

const parsed = (text: string): Node => new Template(text).parsed as Node;
