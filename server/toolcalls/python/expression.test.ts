import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { evaluate } from "./arithmetic.ts";
import { PythonError } from "./error.ts";
import { parseExpression } from "./expression.ts";
import { literal } from "./literal.ts";
import { unparse } from "./unparse.ts";
import { PythonTuple, type PythonValue, typeOf, WholeFloat } from "./value.ts";

const evaluated = (text: string): PythonValue => evaluate(parseExpression(text));
const refused = (text: string): void => {
  assert.throws(() => parseExpression(text), PythonError, text);
};

test("Expressions are written back as Python writes them", () => {
  for (const [text, written] of [
    ["f( 1,'x' , k = [ 1,2 ,] )", "f(1, 'x', k=[1, 2])"],
    ["a.b[ 1:2 ].c(* x,** y)", "a.b[1:2].c(*x, **y)"],
    ["(a+b)*c-d", "(a + b) * c - d"],
    ["a-(b-c)", "a - (b - c)"],
    ["a**-b", "a ** (-b)"],
    ["-a**b", "-a ** b"],
    ["not (a and b) or c", "not (a and b) or c"],
    ["(a or b) and c", "(a or b) and c"],
    ["a if b else (c if d else e)", "a if b else c if d else e"],
    ["(a < b) == c", "(a < b) == c"],
    ["a not in b is not c", "a not in b is not c"],
    ["(1,)", "(1,)"],
    ["x[1,2]", "x[1, 2]"],
    ["{'k': {1, 2}, 3: ...}", "{'k': {1, 2}, 3: ...}"],
    ["\"it's\" 'x'", '"it\'sx"'],
    ["1e16", "1e+16"],
    ["1.50", "1.5"],
    ["2.", "2.0"],
    ["0x1F", "31"],
  ] as const)
    assert.equal(unparse(parseExpression(text)), written, text);
});

test("What Python refuses is refused", () => {
  for (const text of [
    "",
    "f(",
    "f(a=1, 2)",
    "f(a.b=1)",
    "f(class=1)",
    "[1 2]",
    "'a",
    "01",
    "1a",
    "f(a=)",
    "a b",
    "[1]\n[2]",
    " f()",
    "f(\u2018a\u2019)",
    "b'a' 'b'",
    "'\\x4'",
    "$",
    "a\ud800",
    "(".repeat(300),
    `${"-".repeat(3)}`,
    "f(]",
  ])
    refused(text);
  assert.doesNotThrow(() => parseExpression("[f(a=1,\n  b=2)] # thanks\n"));
});

test("Operations on constants are evaluated, and nothing else is", () => {
  assert.equal(evaluated("7 // -2"), -4);
  assert.equal(evaluated("-7 % 3"), 2);
  assert.equal(evaluated("2 ** 100"), 2n ** 100n);
  assert.deepEqual(evaluated("2 ** -1"), 0.5);
  assert.deepEqual(evaluated("4 / 2"), new WholeFloat(2));
  assert.deepEqual(evaluated("1.5 // 0.1"), new WholeFloat(14));
  assert.equal(evaluated("'a' * 2 + 'b'"), "aab");
  assert.deepEqual(evaluated("[1] * 2"), [1, 1]);
  for (const text of [
    "1 / 0",
    "x + 1",
    "f() + 1",
    "9 ** 9 ** 9",
    "'a' * 10 ** 9",
    "1 + 'a'",
    "1 << -1",
    "[0] * 10 ** 9",
  ])
    assert.throws(() => evaluated(text), PythonError, text);
});

test("Literals have a value, other texts none", () => {
  assert.deepEqual(literal("(1, -2.0, 'a')"), new PythonTuple([1, new WholeFloat(-2), "a"]));
  assert.equal(literal("None"), null);
  for (const text of ["x", "f()", "1 + 2", "[", "-'a'", ""]) assert.equal(literal(text), undefined, text);
});

test("Hostile texts are refused or read, and never break the reader", () => {
  const piece = fc.constantFrom(
    "f",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    ":",
    ".",
    "1",
    "'",
    '"',
    "\\",
    "\n",
    "-",
    "not ",
    "**",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        typeOf(evaluate(parseExpression(pieces.join(""))));
      } catch (error) {
        assert.ok(error instanceof PythonError, String(error));
      }
    }),
    { seed: 12, numRuns: 2000 },
  );
  refused("not ".repeat(100_000));
  refused("-".repeat(100_000));
  refused("[".repeat(100_000));
  refused(`${"-".repeat(100_000)}1`);
  refused(`${"not ".repeat(100_000)}1`);
  refused(`a${".a".repeat(100_000)}`);
  refused(`1${"+1".repeat(100_000)}`);
  refused(`1${"**1".repeat(100_000)}`);
  refused(`x${" if x else x".repeat(100_000)}`);
});
