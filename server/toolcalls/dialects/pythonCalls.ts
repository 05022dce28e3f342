/** Calls written as Python in a text: `[Fn(a='x', b=[1]), Fn2()]`, or one call alone. */
import type { SyntaxNode } from "@lezer/common";
import type { Call } from "./model.ts";
import { firstExpression, mistake, PythonBudget, PythonFault, parts } from "./pythonSyntax.ts";
import { literalValue, pythonText } from "./pythonValue.ts";
import type { Layout, Ref, TextSpan } from "./ref.ts";
import { argumentsOf } from "./writing.ts";

export interface PythonCalls {
  calls: Call[];
  unreadable: { ref: Ref; sentence: string }[];
}

/** A list that begins with a call; what only mentions one in a sentence is none. */
export const isCallList = (text: string): boolean => /^\s*\[[^()[\]{}='"]+\(/.test(text);

/**
 * The calls that units `from` to `to` of a string's text hold, and nothing else beside them, as if `before` stood there first. Names may be what Python does not
 * allow (`Get Stock Price`), as those of real tools are. An argument that is no literal is kept as it is written, with a complaint.
 */
export function readPythonCalls(
  text: string,
  ref: Ref,
  { from = 0, to = text.length, before = "", budget = new PythonBudget() } = {},
): PythonCalls {
  return new Reader(before + text.slice(from, to), ref, from - before.length).read(budget);
}

/** What may stand in a name: nothing that would end it, begin a string or escape from one. */
const NAME = "[^()[\\]{},='\"#\\\\]+";
const NAMES = new RegExp(`(?<=^|[[,(])${NAME}(?=\\()|(?<=[(,])${NAME}(?==(?!=))`, "g");

/**
 * The text with every name replaced by one that Python allows, unit for unit. That what looks like a name inside a string is
 * replaced as well does no harm: values are read from the text itself.
 */
const withPlainNames = (text: string): string =>
  text.replace(NAMES, (name) => name.replace(/\S(?:.*\S)?/s, (visible) => "_".repeat(visible.length)));

class Reader {
  readonly #text: string;
  readonly #ref: Ref;
  readonly #offset: number;
  readonly #unreadable: PythonCalls["unreadable"] = [];

  /** @param offset of the text in the string's */
  constructor(text: string, ref: Ref, offset: number) {
    this.#text = text;
    this.#ref = ref;
    this.#offset = offset;
  }

  read(budget: PythonBudget): PythonCalls {
    const calls = this.#attempt(() => {
      budget.spend(this.#text.length);
      const expression = firstExpression(withPlainNames(this.#text));
      const rest = { from: expression.to, to: this.#text.length };
      if (this.#text.slice(rest.from).trim() !== "")
        this.#complain(rest, "Only calls may stand here; remove this text.");
      const isList = expression.name === "ArrayExpression" || expression.name === "TupleExpression";
      return (isList ? parts(expression) : [expression]).map((node) => this.#call(node));
    });
    return { calls: calls ?? [], unreadable: this.#unreadable };
  }

  #call(node: SyntaxNode): Call {
    const [callee, list] = node.name === "CallExpression" ? parts(node) : [];
    if (callee === undefined || list?.name !== "ArgList")
      throw new PythonFault({ from: node.from, to: node.to }, "This is no call; write it as name(parameter=value).");
    const entries: [string, unknown][] = [];
    const inside = new Map<string | number, Layout>();
    let positional = false;
    for (const argument of argumentNodes(list)) {
      if (argument.name === undefined) {
        positional = true;
        continue;
      }
      const name = this.#source(argument.name);
      const { value, layout } = this.#value(argument.value);
      entries.push([name, value]);
      inside.set(name, { ...layout, key: this.#span(argument.name) });
    }
    return {
      name: this.#source(callee),
      nameRef: this.#place(callee),
      arguments: Object.fromEntries(entries),
      argumentsRef: this.#ref.laidOut({ span: this.#span(list), inside }),
      form: "object",
      // Which parameter an argument without a name is for, only the tool's source says.
      wanted: positional ? [] : ["object"],
      ref: this.#place(node),
    };
  }

  #value(node: SyntaxNode): { value: unknown; layout: Layout } {
    const found = this.#attempt(() => literalValue(node, this.#text));
    if (found === undefined) return { value: this.#source(node), layout: { span: this.#span(node) } };
    return { value: found.value, layout: this.#moved(found.layout) };
  }

  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof PythonFault)) throw error;
      this.#complain(error.span, error.message);
      return undefined;
    }
  }

  #complain({ from, to }: TextSpan, sentence: string): void {
    this.#unreadable.push({ ref: this.#ref.text(this.#offset + from, this.#offset + to), sentence });
  }

  #source = ({ from, to }: SyntaxNode): string => this.#text.slice(from, to);

  #span = ({ from, to }: TextSpan): TextSpan => ({ from: from + this.#offset, to: to + this.#offset });

  #place(node: SyntaxNode): Ref {
    const { from, to } = this.#span(node);
    return this.#ref.text(from, to);
  }

  #moved({ span, key, inside }: Layout): Layout {
    return {
      span: this.#span(span),
      ...(key && { key: this.#span(key) }),
      ...(inside && { inside: new Map([...inside].map(([step, layout]) => [step, this.#moved(layout)])) }),
    };
  }
}

/** @throws PythonFault on unpacking (`*values`) and on what the parser had to repair */
function argumentNodes(list: SyntaxNode): { name: SyntaxNode | undefined; value: SyntaxNode }[] {
  const found: { name: SyntaxNode | undefined; value: SyntaxNode }[] = [];
  const all = parts(list);
  for (let index = 0; index < all.length; index++) {
    const [first, equals, value] = [all[index], all[index + 1], all[index + 2]];
    if (first === undefined) break;
    if (equals?.name !== "AssignOp") {
      if (first.name.startsWith("*")) throw mistake(first);
      found.push({ name: undefined, value: first });
    } else if (value === undefined) throw mistake(equals);
    else {
      found.push({ name: first, value });
      index += 2;
    }
  }
  return found;
}

export const isPythonName = (name: string): boolean => name.trim() === name && new RegExp(`^${NAME}$`).test(name);

export const pythonCall = (call: Pick<Call, "name" | "arguments" | "alternatives">): string =>
  `${call.name}(${Object.entries(argumentsOf(call))
    .map(([key, value]) => `${key}=${pythonText(value)}`)
    .join(", ")})`;

/** One sentence for each name that cannot stand in a Python call. */
export const unwritableNames = (calls: readonly Pick<Call, "name" | "arguments">[]): string[] =>
  calls
    .flatMap(({ name, arguments: values }) => [name, ...Object.keys(values)])
    .filter((name) => !isPythonName(name))
    .map((name) => `The name ${JSON.stringify(name)} cannot be written in a Python call.`);
