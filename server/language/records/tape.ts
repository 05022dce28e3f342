/**
 * Offsets of every value of a JSON text, in flat arrays filled by one pass without recursion. Finding one path in it
 * costs a walk over siblings; building it costs less than a tree of objects, so that a record with a hundred findings is still
 * read quickly. Numbers and duplicate keys are seen as they are written.
 */
import { endOfString } from "../../toolcalls/json.ts";

/** The text must be JSON; of anything else the places are meaningless, but building them ends. */
export class Tape {
  readonly text: string;
  /** For each value: where it begins and ends, the key before it (-1 for an item), and the index behind its last descendant. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #keys: number[] = [];
  readonly #next: number[] = [];
  /** Items of the array that was asked for last. */
  #items: { of: number; list: number[] } | undefined;

  constructor(text: string) {
    this.text = text;
    this.#build();
  }

  #build(): void {
    const text = this.text;
    const open: number[] = [];
    let key = -1;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (isBlank(code) || code === 0x2c || code === 0x3a) continue;
      if (code === 0x5d || code === 0x7d) {
        const index = open.pop();
        if (index === undefined) continue;
        this.#ends[index] = at + 1;
        this.#next[index] = this.#starts.length;
        continue;
      }
      let end = at + 1;
      if (code === 0x22) {
        end = Math.min(endOfString(text, at) + 1, text.length);
        if (followedByColon(text, end)) {
          key = at;
          at = end - 1;
          continue;
        }
      } else if (code === 0x5b || code === 0x7b) open.push(this.#starts.length);
      else while (end < text.length && !endsScalar(text.charCodeAt(end))) end++;
      this.#starts.push(at);
      this.#ends.push(end);
      this.#keys.push(key);
      this.#next.push(this.#starts.length);
      key = -1;
      at = end - 1;
    }
    for (const index of open) {
      this.#ends[index] = text.length;
      this.#next[index] = this.#starts.length;
    }
  }

  /** Index of the outermost value; -1 where there is none. */
  get root(): number {
    return this.#starts.length > 0 ? 0 : -1;
  }

  start(index: number): number {
    return this.#starts[index] ?? 0;
  }

  end(index: number): number {
    return this.#ends[index] ?? 0;
  }

  /** Offsets of the key with its quotes; undefined for an item or the root. */
  key(index: number): { start: number; end: number } | undefined {
    const start = this.#keys[index] ?? -1;
    return start === -1 ? undefined : { start, end: endOfString(this.text, start) + 1 };
  }

  keyText(index: number): string | undefined {
    const key = this.key(index);
    if (key === undefined) return undefined;
    const inner = this.text.slice(key.start + 1, key.end - 1);
    return inner.includes("\\") ? (JSON.parse(`"${inner}"`) as string) : inner;
  }

  *children(index: number): Generator<number> {
    const end = this.#next[index] ?? 0;
    for (let child = index + 1; child < end; child = this.#next[child] ?? end) yield child;
  }

  /** The member or item; of duplicate keys the last, which is the one that parsers keep. -1 where there is none. */
  child(index: number, step: string | number): number {
    if (typeof step === "number") return this.#item(index, step);
    const end = this.#next[index] ?? 0;
    let found = -1;
    for (let child = index + 1; child < end; child = this.#next[child] ?? end)
      if (this.#hasKey(child, step)) found = child;
    return found;
  }

  /** Of an array in which a thousand items have findings, the way to each is not walked anew. */
  #item(index: number, position: number): number {
    if (this.#items?.of !== index) this.#items = { of: index, list: [...this.children(index)] };
    return this.#items.list[position] ?? -1;
  }

  #hasKey(index: number, wanted: string): boolean {
    const start = this.#keys[index] ?? -1;
    if (start === -1) return false;
    const end = start + 1 + wanted.length;
    if (this.text.charCodeAt(end) === 0x22 && this.text.startsWith(wanted, start + 1) && !wanted.includes("\\"))
      return true;
    return this.text.slice(start, endOfString(this.text, start)).includes("\\") && this.keyText(index) === wanted;
  }

  /** Every key that stands twice in one object: the later value's index, and the earlier one's. */
  duplicateKeys(): { index: number; first: number }[] {
    const found: { index: number; first: number }[] = [];
    for (let parent = 0; parent < this.#starts.length; parent++) {
      if (this.text.charCodeAt(this.#starts[parent] ?? 0) !== 0x7b) continue;
      const seen = new Map<string, number>();
      for (const index of this.children(parent)) {
        const name = this.keyText(index);
        if (name === undefined) continue;
        const first = seen.get(name);
        if (first === undefined) seen.set(name, index);
        else found.push({ index, first });
      }
    }
    return found;
  }
}

const isBlank = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff;

function endsScalar(code: number): boolean {
  return (
    isBlank(code) ||
    code === 0x2c ||
    code === 0x5d ||
    code === 0x7d ||
    code === 0x3a ||
    code === 0x22 ||
    code === 0x5b ||
    code === 0x7b
  );
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === 0x3a;
}
