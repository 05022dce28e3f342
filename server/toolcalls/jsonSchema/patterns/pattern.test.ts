import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { OutOfBudget, Run } from "../run.ts";
import { patternOf } from "./pattern.ts";

function matches(source: string, text: string, steps = 50_000_000): boolean {
  const pattern = patternOf(source);
  assert.ok("matches" in pattern, "problem" in pattern ? pattern.problem : "");
  return pattern.matches(text, new Run(0, steps));
}

const patterns = [
  ...[
    "^\\d{4}-\\d\\d$",
    "\\s",
    "^\\S+$",
    "^[\\s\\w]*$",
    "^.$",
    "^[^]$",
    "a|b|",
    "^(?:ab)+$",
    "^(?<year>\\d+)$",
    "\\bcat\\b",
  ],
  ...["[[]", "[]]", "[a-]", "[\\w-]+", "\\/", "^\\$ref$", "^\\p{Lu}", "\\p{Script=Greek}", "\\p{Letter}+$", "\\u00e9"],
  ...["\\x41", "\\cA", "^[^\\n]*$", "\\0", "a{2,3}", "a{2}b?", "^a{0,1030}$", "^(?:ab){1020,}$", "\\-", "a{,2}", "x{"],
  ...["^[\\u0041-\\u0043]+$", "\\u{1F600}", "\\ud83d\\ude00", "[\\b]", "(a|b)*?c", "^$", "[.*+?^$}{()|\\]]", "#&~ -"],
];
const texts = [
  ...[
    "",
    "a",
    "aa",
    "ab",
    "abab",
    "2024-05",
    "cat",
    "concat",
    "a\nb",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "é",
    "A",
    "Ω",
    "\u0001",
  ],
  ...[
    "😀",
    "$ref",
    "/",
    "-",
    "[",
    "]",
    "\0",
    "\b",
    "x{",
    "a{,2}",
    "aab",
    "aaa",
    "#&~ -",
    "ab".repeat(1300),
    "a".repeat(1501),
  ],
];

for (const source of patterns) {
  test(`the linear engine agrees with the language's own: ${source}`, () => {
    const native = nativeOf(source);
    for (const text of texts) assert.equal(matches(source, text), native.test(text), JSON.stringify(text));
  });
}

/** With the flag u where the pattern allows it, as the drafts recommend. */
function nativeOf(source: string): RegExp {
  try {
    return new RegExp(source, "u");
  } catch {
    return new RegExp(source);
  }
}

test("random patterns of the common syntax agree with the language's own engine", () => {
  const { source } = fc.letrec<{ source: string; atom: string }>((tie) => ({
    source: fc
      .array(
        fc.tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{1,2}", "*?")).map(([atom, many]) => atom + many),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.join("")),
    atom: fc.oneof(
      { maxDepth: 2, depthSize: "small" },
      fc.constantFrom("a", "b", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a\\d-]", "\\.", " "),
      fc.tuple(tie("source"), tie("source")).map(([left, right]) => `(${left}|${right})`),
      tie("source").map((inner) => `(?:${inner})`),
    ),
  }));
  const text = fc.string({ unit: fc.constantFrom("a", "b", "1", "-", ".", " ", "\n"), maxLength: 8 });
  fc.assert(
    fc.property(source, text, fc.boolean(), (inner, sample, anchored) => {
      const whole = anchored ? `^${inner}$` : inner;
      assert.equal(matches(whole, sample), new RegExp(whole, "u").test(sample), whole);
    }),
    { seed: 21, numRuns: 200 },
  );
});

for (const source of [
  "(a+)+$",
  "(a|aa)+$",
  "^(\\w+\\s?)*$",
  "(.*)(.*)(.*)(.*)x",
  "(x+x+)+y",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
]) {
  test(`a pattern that would take exponential time is matched in steps that grow with the text: ${source}`, () => {
    const spent = (length: number) => {
      const run = new Run(0, 1e9);
      const pattern = patternOf(source);
      assert.ok("matches" in pattern);
      assert.equal(pattern.matches(`${"a".repeat(length)}!`, run), false);
      return 1e9 - run.patternStepsLeft;
    };
    assert.ok(spent(2_000) < 2.1 * spent(1_000));
  });
}

test("a text that asks for more steps than are left is not matched", () => {
  assert.throws(() => matches("^a{1,900}$", "a".repeat(100_000), 1_000_000), OutOfBudget);
});

for (const source of [
  "(?=a)b",
  "(?<!a)b",
  "(a)\\1",
  "(?<n>a)\\k<n>",
  "a{20000}",
  "(a{900}){900}",
  `${"a".repeat(5_000)}`,
]) {
  test(`what has no linear form is said, not tried: ${source.slice(0, 20)}`, () => {
    const pattern = patternOf(source);
    assert.ok("problem" in pattern);
    assert.equal(pattern.reason, "unsupported");
  });
}

for (const source of ["(", "[", "a{2,1}", "*", "\\"]) {
  test(`what is no pattern is said: ${source}`, () => {
    const pattern = patternOf(source);
    assert.ok("problem" in pattern);
    assert.equal(pattern.reason, "syntax");
  });
}

test("no text makes it throw", () => {
  const hostile = fc.string({
    unit: fc.constantFrom(..."()[]{}?*+|^$\\.,-:<>=!1a0dDsSwWbBpPuxck\ud800é"),
    maxLength: 20,
  });
  fc.assert(
    fc.property(hostile, fc.string({ unit: "binary", maxLength: 10 }), (source, text) => {
      const pattern = patternOf(source);
      if ("matches" in pattern) pattern.matches(text, new Run(0, 50_000_000));
    }),
    { seed: 22, numRuns: 1_000 },
  );
});
