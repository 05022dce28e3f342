/** Changes of values that stand in a string as Python writes them: the arguments of a call, or a literal in a prompt. */
import { isPythonName, readPythonCalls } from "../../toolcalls/dialects/pythonCalls.ts";
import { readPythonLiteral } from "../../toolcalls/dialects/pythonLiteral.ts";
import { pythonText } from "../../toolcalls/dialects/pythonValue.ts";
import { type Layout, Ref, type TextSpan } from "../../toolcalls/dialects/ref.ts";
import type { Change, RecordEdit } from "./recordEdit.ts";
import { levelOf, type TextLevel } from "./textLevel.ts";

/** A value in the text of a string, and how it and what holds it are laid out there. */
export class PythonPlace {
  readonly #level: TextLevel;
  readonly #layout: Layout;
  readonly #holder: Layout | undefined;

  private constructor(level: TextLevel, layout: Layout, holder: Layout | undefined) {
    this.#level = level;
    this.#layout = layout;
    this.#holder = holder;
  }

  /** Undefined for what is JSON. */
  static at(record: string, { layout, holder, parent }: Ref): PythonPlace | undefined {
    if (layout === undefined || parent === undefined) return undefined;
    const string = levelOf(record, parent);
    const level = string?.level.inner(string.path, { from: 0, to: Number.POSITIVE_INFINITY });
    return level && new PythonPlace(level, layout, holder);
  }

  get source(): string {
    return sliceOf(this.#level.text, this.#layout.span);
  }

  replaced(value: unknown): RecordEdit {
    return this.#edit(this.#layout.span, pythonText(value, quoteOf(this.source)));
  }

  /** Undefined where the key is no name that Python takes there. */
  renamed(name: string): RecordEdit | undefined {
    const { key } = this.#layout;
    if (key === undefined) return undefined;
    const written = sliceOf(this.#level.text, key);
    if (/^['"]/.test(written)) return this.#edit(key, pythonText(name, quoteOf(written)));
    return isPythonName(name) ? this.#edit(key, name) : undefined;
  }

  /** Changes of members and items, one after the other; the path of a change that removes the value itself is empty. */
  changed(changes: readonly Change[]): RecordEdit | undefined {
    const [[path, value] = [[], undefined]] = changes;
    if (path.length === 0 && changes.length === 1) return value === undefined ? this.#removed() : this.replaced(value);
    let text = this.source;
    for (const [below, wanted] of changes) {
      const changed = changedText(text, below, wanted);
      if (changed === undefined || changed === text) return undefined;
      text = changed;
    }
    return this.#edit(this.#layout.span, text);
  }

  #removed(): RecordEdit | undefined {
    const gone = this.#holder && gapWithout(this.#holder, this.#layout, this.#level.text);
    return gone && this.#edit(gone, "");
  }

  #edit({ from, to }: TextSpan, text: string): RecordEdit {
    return { start: this.#level.toRecord(from), end: this.#level.toRecord(to), text: this.#level.encode(text) };
  }
}

const sliceOf = (text: string, { from, to }: TextSpan): string => text.slice(from, to);

/** The quotes that stand in a text already. */
const quoteOf = (source: string): "'" | '"' => (source.includes("'") && !source.includes('"') ? "'" : '"');

function changedText(text: string, path: Change[0], value: unknown): string | undefined {
  const last = path.at(-1);
  let holder = layoutOf(text);
  for (const step of path.slice(0, -1)) holder = holder?.inside?.get(step);
  if (holder === undefined || last === undefined) return undefined;
  const member = holder.inside?.get(last);
  if (value === undefined) {
    const gone = member && gapWithout(holder, member, text);
    return gone && text.slice(0, gone.from) + text.slice(gone.to);
  }
  const written = pythonText(value, quoteOf(text));
  if (member !== undefined) return text.slice(0, member.span.from) + written + text.slice(member.span.to);
  const added = memberText(text.charAt(holder.span.from), last, written, quoteOf(text));
  const end = holder.span.to - 1;
  const before = text.slice(0, end).trimEnd();
  const separator = /[([{,]$/.test(before) ? "" : ", ";
  return added && text.slice(0, end) + separator + added + text.slice(end);
}

/** @param bracket that opens the arguments, the dictionary or the list */
function memberText(bracket: string, key: string | number, value: string, quote: "'" | '"'): string | undefined {
  if (bracket === "{") return `${pythonText(String(key), quote)}: ${value}`;
  if (bracket === "[") return value;
  return typeof key === "string" && isPythonName(key) ? `${key}=${value}` : undefined;
}

/** Of arguments in parentheses, or of a literal. */
function layoutOf(text: string): Layout | undefined {
  if (!text.startsWith("(")) return readPythonLiteral(text)?.layout;
  const [call] = readPythonCalls(text, Ref.root, { before: "f" }).calls;
  return call?.argumentsRef.layout;
}

/** A member with its key and the comma that goes with it. */
function gapWithout({ inside }: Layout, member: Layout, text: string): TextSpan | undefined {
  const all = [...(inside?.values() ?? [])].map(whole).sort((left, right) => left.from - right.from);
  const { from, to } = whole(member);
  const index = all.findIndex((one) => one.from === from);
  const [before, after] = [all[index - 1], all[index + 1]];
  if (index === -1) return undefined;
  if (after !== undefined) return { from, to: after.from };
  return { from: before?.to ?? from, to: to + (/^\s*,/.exec(text.slice(to))?.[0].length ?? 0) };
}

const whole = ({ span, key }: Layout): TextSpan => ({ from: key?.from ?? span.from, to: span.to });
