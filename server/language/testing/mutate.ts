/** Faults that files have, drawn into records that have none: what an editor sees while someone types, and what broken programs write. */

/** A stream of numbers in [0, 1) that a seed decides: mulberry32. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Texts that readers of JSON and of schemas stumble over. */
const STUMBLES = [
  "null",
  "true",
  "[]",
  "{}",
  '""',
  "-0",
  "1e999",
  "9007199254740993",
  "-123456789012345678901234567890",
  "0.1e-400",
  '"__proto__"',
  '"constructor":{}',
  '{"__proto__":{"type":"string"}}',
  '"\\ud800"',
  '"\ud800"',
  '"\\u0000\\u001b[31m"',
  '{"$ref":"#"}',
  '{"$ref":"#/properties"}',
  '{"$ref":"https://example.com/schema.json"}',
  '{"type":"string","pattern":"^(a+)+$"}',
  '{"type":"string","pattern":"("}',
  '{"type":["string",7]}',
  '{"allOf":[{"$ref":"#"}],"not":{}}',
  '{"required":"name"}',
  '{"enum":{}}',
  '"List[Union[int"',
  '"<tool_call>\\n{\\"name\\": 7}\\n</tool_call>"',
  '"[f(a=1, b=[2), g(**x)]"',
  '"{\\"a\\": \\"{\\\\\\"b\\\\\\": 1}\\"}"',
  "[[[[[[[[[[[[]]]]]]]]]]]]",
  "//",
  "\ufeff",
  "\r",
  "\u2028",
  "'",
  "\\",
  ",",
  ":",
  "}",
  "]",
  '"',
];

/** One to three mutations. */
export function mutate(text: string, other: string, random: () => number): string {
  let mutated = text;
  for (let count = 1 + Math.floor(3 * random()); count > 0; count--) mutated = mutateOnce(mutated, other, random);
  return mutated;
}

function mutateOnce(text: string, other: string, random: () => number): string {
  const place = (limit: number): number => Math.floor(random() * (limit + 1));
  const at = place(text.length);
  const stumble = STUMBLES[place(STUMBLES.length - 1)] ?? "";
  const kind = random();
  if (kind < 0.4) {
    const [start, end] = valueAt(text, at);
    return text.slice(0, start) + stumble + text.slice(end);
  }
  if (kind < 0.5) return text.slice(0, at) + stumble + text.slice(at);
  if (kind < 0.6) return text.slice(0, at) + text.slice(at + place(20));
  if (kind < 0.65) return text.slice(0, at);
  if (kind < 0.75) return text.slice(0, at) + String.fromCharCode(place(0x100)) + text.slice(at + 1);
  if (kind < 0.85) {
    const [start, end] = valueAt(text, at);
    return `${text.slice(0, end)},${text.slice(start, end)}${text.slice(end)}`;
  }
  const [start, end] = valueAt(text, at);
  const [from, to] = valueAt(other, place(other.length));
  return text.slice(0, start) + other.slice(from, to) + text.slice(end);
}

/** A value, or a member with its key, near an offset: between two of the characters that part them. */
function valueAt(text: string, offset: number): [number, number] {
  let start = offset;
  while (start > 0 && !",:[{".includes(text.charAt(start - 1))) start--;
  let end = Math.max(start, offset);
  while (end < text.length && !",]}:".includes(text.charAt(end))) end++;
  return [start, end];
}
