/** Faults in inputs that were right: of bytes, of text, and of JSON by its structure. */
import { mutate as mutateText } from "../../server/language/testing/mutate.ts";
import type { Random } from "./target.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1));
const one = <T>(random: Random, [first, ...rest]: readonly [T, ...T[]]): T => {
  const at = upTo(random, rest.length);
  return at === 0 ? first : (rest[at - 1] ?? first);
};

/** One to four faults. */
export function mutated(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = seed;
  for (let count = 1 + upTo(random, 3); count > 0; count--) {
    const kind = random();
    if (kind < 0.35) bytes = inStructure(bytes, random);
    else if (kind < 0.65) bytes = inText(bytes, other, random);
    else if (kind < 0.99) bytes = inBytes(bytes, other, random);
    else bytes = inSize(bytes, random);
  }
  return bytes;
}

function inText(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  return encoder.encode(mutateText(decoder.decode(bytes), decoder.decode(other), random));
}

const SUSPICIOUS = [0x00, 0x01, 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff, 0x22, 0x5c, 0x7b, 0x0a] as const;

/** Faults that ask nothing of the input: what a broken disk or a program in another language leaves. */
export function inBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = upTo(random, Math.max(0, bytes.length - 1));
  const length = 1 + upTo(random, random() < 0.8 ? 8 : bytes.length);
  const kind = upTo(random, 7);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return joined(bytes.slice(0, at), bytes.slice(at + length));
  if (kind === 2) return joined(bytes.slice(0, at), bytes.slice(at, at + length), bytes.slice(at));
  if (kind === 3) {
    const from = upTo(random, other.length);
    return joined(bytes.slice(0, at), other.slice(from, from + length), bytes.slice(at));
  }
  if (kind === 4) return joined(bytes.slice(0, at), hugeInteger(random), bytes.slice(at + 8));
  const changed = bytes.slice();
  if (kind === 5) changed.fill(one(random, SUSPICIOUS), at, at + length);
  else if (kind === 6) changed[at] = upTo(random, 255);
  else changed[at] = (changed[at] ?? 0) ^ (1 << upTo(random, 7));
  return changed;
}

/** A length or an offset that nothing can have. */
function hugeInteger(random: Random): Uint8Array {
  const bytes = new Uint8Array(8);
  const value = one(random, [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, 2n ** 32n, 2n ** 31n, 1n, 0n]);
  new DataView(bytes.buffer).setBigUint64(0, value, random() < 0.5);
  return bytes;
}

/** What is deep or long beyond all reason. */
function inSize(bytes: Uint8Array, random: Random): Uint8Array {
  const at = upTo(random, bytes.length);
  const count = one(random, [200, 5_000, 100_000]);
  const piece = one(random, ["[", '{"a":', "9", "a", '"\\ud800', "[[],", "\\", "(", "<tool_call>", "{{", "\n", "-"]);
  return joined(bytes.slice(0, at), encoder.encode(piece.repeat(count)), bytes.slice(at));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Values in the place of others: other types, the ends of their ranges, names that JavaScript's objects have already. */
const VALUES = [
  "null",
  "true",
  "0",
  "-1",
  "1e400",
  "-0.0",
  "0.5",
  "2147483648",
  "9007199254740993",
  "99999999999999999999999999",
  '""',
  '"x"',
  '"\\ud83d"',
  '"\\u0000\\u001b]8;;\\u0007\\u202e"',
  '"../../../../etc/passwd"',
  '"/dev/zero"',
  '"__proto__"',
  "[]",
  "{}",
  "[null]",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":1,"length":-1}',
] as const;
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "then",
  "toJSON",
  "length",
  "",
  "$ref",
  "\u0000\u001b]8;;\u0007\u202e",
  "k".repeat(5_000),
] as const;

/** One fault in one value of a JSON text, or of one line of it; text that is not JSON gets a fault of text. */
export function inStructure(bytes: Uint8Array, random: Random): Uint8Array {
  const text = decoder.decode(bytes);
  const whole = parsed(text);
  if (whole !== undefined) return encoder.encode(withFault(whole.value, random));
  const lines = text.split("\n");
  const at = upTo(random, lines.length - 1);
  const line = parsed(lines[at] ?? "");
  const changed = line === undefined ? [lines[at] ?? "", lines[at] ?? ""].join("\n") : withFault(line.value, random);
  return encoder.encode(lines.with(at, changed).join("\n"));
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Seeds are shallow; a mutated text that has become deep is left to the faults of bytes. */
const DEEPEST = 60;

/** The value as JSON, with a fault at one of its values. */
function withFault(value: unknown, random: Random): string {
  const places = count(value, 0);
  let left = upTo(random, places - 1);
  const write = (inner: unknown): string => {
    const isHere = left-- === 0;
    const text = writeMembers(inner);
    return isHere ? faulty(text, random) : text;
  };
  const writeMembers = (inner: unknown): string => {
    if (Array.isArray(inner)) return `[${inner.map(write).join(",")}]`;
    if (typeof inner !== "object" || inner === null) return JSON.stringify(inner);
    const members = Object.entries(inner).map(([key, member]) => {
      const isHere = left === 0;
      const text = write(member);
      return isHere && random() < 0.4 ? faultyMember(key, text, random) : `${JSON.stringify(key)}:${text}`;
    });
    return `{${members.filter((member) => member !== "").join(",")}}`;
  };
  return places > 0 ? write(value) : JSON.stringify(value);
}

/** Zero where the value is too deep to be written. */
function count(value: unknown, depth: number): number {
  if (depth > DEEPEST) return Number.NEGATIVE_INFINITY;
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, member) => sum + count(member, depth + 1), 1);
}

function faulty(text: string, random: Random): string {
  const kind = random();
  if (kind < 0.6) return one(random, VALUES);
  if (kind < 0.7) return `[${text}]`;
  if (kind < 0.8) return `{${JSON.stringify(one(random, KEYS))}:${text}}`;
  if (kind < 0.9)
    return `[${Array(50)
      .fill(text.length < 5000 ? text : "0")
      .join(",")}]`;
  return JSON.stringify(text);
}

function faultyMember(key: string, text: string, random: Random): string {
  const member = `${JSON.stringify(key)}:${text}`;
  const kind = random();
  if (kind < 0.4) return "";
  if (kind < 0.7) return `${member},${JSON.stringify(key)}:${one(random, VALUES)}`;
  return `${JSON.stringify(one(random, KEYS))}:${text}`;
}
