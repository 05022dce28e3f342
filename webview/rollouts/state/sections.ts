/**
 * A completion cut at its tags: thoughts, examples, calls and responses, one inside the other where a policy wrote it so.
 * The text is hostile, so one pass from left to right, bounded nesting, and nothing is left out: the pieces are the text.
 */

export const SECTION_TAGS = ["think", "examples", "tool_call", "response"] as const;
export type SectionTag = (typeof SECTION_TAGS)[number];

/** `stray`: a closing tag that closes nothing. */
export type Section =
  | { kind: "text"; text: string }
  | { kind: "stray"; text: string }
  | {
      kind: SectionTag;
      closed: boolean;
      inner: Section[] /** Of all that is inside, UTF-16 code units. */;
      length: number;
    };

/** Tags that are told apart inside one another; deeper ones are text. */
const DEEPEST = 4;

/** More are not cut apart: a megabyte of tags would become as many elements. */
const MOST = 500;

const TAG = new RegExp(`<(/?)(${SECTION_TAGS.join("|")})>`, "g");

interface Tag {
  at: number;
  end: number;
  closing: boolean;
  kind: SectionTag;
}

export function sectionsOf(text: string): Section[] {
  return new Cutter(text).sections;
}

class Cutter {
  readonly #text: string;
  #at = 0;
  #cut = 0;
  readonly sections: Section[];

  constructor(text: string) {
    this.#text = text;
    this.sections = this.#inside([]);
  }

  /** What stands up to the tag that closes the innermost of the open ones, or one around it. */
  #inside(open: readonly SectionTag[]): Section[] {
    const pieces: Section[] = [];
    const own = open.at(-1);
    let from = this.#at;
    const flush = (end: number): void => {
      if (end > from) pieces.push({ kind: "text", text: this.#text.slice(from, end) });
    };
    for (;;) {
      const tag = this.#cut < MOST ? this.#nextTag(own === "tool_call") : undefined;
      if (!tag) {
        flush(this.#text.length);
        this.#at = this.#text.length;
        return pieces;
      }
      if (tag.closing && open.includes(tag.kind)) {
        flush(tag.at);
        this.#at = tag.at;
        return pieces;
      }
      // A call that is begun inside a call ends the first one unclosed, as the reader of calls has it.
      if (!tag.closing && own === "tool_call" && tag.kind === "tool_call") {
        flush(tag.at);
        this.#at = tag.at;
        return pieces;
      }
      if (!tag.closing && (open.length === DEEPEST || own === "tool_call")) {
        this.#at = tag.end;
        continue;
      }
      flush(tag.at);
      this.#cut++;
      this.#at = tag.end;
      if (tag.closing) pieces.push({ kind: "stray", text: this.#text.slice(tag.at, tag.end) });
      else pieces.push(this.#section(tag, open));
      from = this.#at;
    }
  }

  #section({ kind, end }: Tag, open: readonly SectionTag[]): Section {
    const inner = this.#inside([...open, kind]);
    const length = this.#at - end;
    const close = `</${kind}>`;
    const closed = this.#text.startsWith(close, this.#at);
    if (closed) this.#at += close.length;
    return { kind, closed, inner, length };
  }

  /** @param inCall a tag in a string of the call's JSON is an argument */
  #nextTag(inCall: boolean): Tag | undefined {
    TAG.lastIndex = this.#at;
    let quote = this.#at;
    for (let match = TAG.exec(this.#text); match; match = TAG.exec(this.#text)) {
      const tag: Tag = {
        at: match.index,
        end: match.index + match[0].length,
        closing: match[1] === "/",
        kind: match[2] as SectionTag,
      };
      if (!inCall) return tag;
      const after = endOfStrings(this.#text, quote, tag.at);
      if (after === tag.at) return tag;
      if (after === undefined) return undefined;
      quote = after;
      TAG.lastIndex = after;
    }
    return undefined;
  }
}

/** `to` where it stands outside the JSON strings that begin from `from` on; else where its string ends, if it does. */
function endOfStrings(text: string, from: number, to: number): number | undefined {
  let at = from;
  for (;;) {
    const open = text.indexOf('"', at);
    if (open === -1 || open >= to) return to;
    let close = open + 1;
    while (close < text.length && text[close] !== '"') close += text[close] === "\\" ? 2 : 1;
    if (close >= text.length) return undefined;
    at = close + 1;
    if (at > to) return at;
  }
}
