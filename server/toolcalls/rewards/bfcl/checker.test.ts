import assert from "node:assert/strict";
import test from "node:test";
import { loads } from "../../python/json.ts";
import type { PythonValue } from "../../python/value.ts";
import type { BfclTask, Language } from "./checker.ts";
import { judgeDecoded } from "./score.ts";

/** A task as texts of JSON, since 1 and 1.0 are different values. */
interface Written {
  type: string;
  gold: string;
  items?: string;
  language?: Language;
}

function taskOf({ type, gold, items, language = "python" }: Written): BfclTask {
  const property = { type, description: "d", ...(items === undefined ? {} : { items: { type: items } }) };
  const parameters = { type: "dict", properties: { x: property }, required: ["x"] };
  return {
    category: "simple_python",
    language,
    underscoreToDot: false,
    functions: loads(JSON.stringify([{ name: "f", description: "d", parameters }])),
    gold: loads(`[{"f": {"x": ${gold}}}]`),
  };
}

/** BFCL's word for what is wrong with a value for `x`, or "valid". */
function verdict(written: Written, value: string): string {
  return judgeDecoded(taskOf(written), loads(`[{"f": {"x": ${value}}}]`)).errorType ?? "valid";
}

const cases: [Written, string, string][] = [
  [{ type: "string", gold: '["April 1, 2024"]' }, '"april 1,2024"', "valid"],
  [{ type: "string", gold: '["15"]' }, '"1.5"', "valid"],
  [{ type: "string", gold: '["a(b"]' }, '"ab"', "value_error:string"],
  [{ type: "string", gold: '["it\'s"]' }, '"it\\"s"', "valid"],
  [{ type: "integer", gold: "[5]" }, "5.0", "type_error:simple"],
  [{ type: "integer", gold: "[1]" }, "true", "type_error:simple"],
  [{ type: "integer", gold: "[5]" }, '"5"', "type_error:simple"],
  [{ type: "integer", gold: '["five"]' }, '"five"', "valid"],
  [{ type: "integer", gold: '["five"]' }, '"FIVE"', "value_error:others"],
  [{ type: "float", gold: "[5.0]" }, "5", "valid"],
  [{ type: "float", gold: "[3.14]" }, "3.141", "value_error:others"],
  [{ type: "boolean", gold: "[true]" }, "1", "type_error:simple"],
  [{ type: "array", items: "float", gold: "[[1.0, 2.0]]" }, "[1, 2]", "type_error:nested"],
  [{ type: "array", items: "string", gold: '[["New York", "b"]]' }, '["new-york", "b"]', "valid"],
  [{ type: "array", items: "string", gold: '[["a", "b"]]' }, '["b", "a"]', "value_error:list/tuple"],
  [{ type: "array", items: "integer", gold: '["", [1]]' }, "[]", "valid"],
  [{ type: "array", items: "integer", gold: '["", ["a"]]' }, '["A"]', "valid"],
  [{ type: "tuple", items: "integer", gold: "[[1, 2]]" }, "[1, 2]", "valid"],
  [{ type: "dict", gold: '[{"a": [1]}]' }, '{"a": true}', "valid"],
  [{ type: "dict", gold: '[{"a": [1], "b": ["", 2]}]' }, '{"a": 1}', "valid"],
  [{ type: "dict", gold: '[{"a": [1], "b": [2]}]' }, '{"a": 1}', "value_error:dict_key"],
  [{ type: "dict", gold: '[{"a": [1]}]' }, '{"a": 2}', "value_error:dict_value"],
  [{ type: "array", items: "dict", gold: '[[{"a": [1]}]]' }, '[{"a": 1}]', "valid"],
  [{ type: "array", items: "dict", gold: '[[{"a": [1]}]]' }, '[{"a": 1}, {"a": 1}]', "value_error:list_dict_count"],
  [{ type: "String", gold: '["abc"]', language: "java" }, '"ABC"', "valid"],
  [{ type: "long", gold: "[5]", language: "java" }, '"5L"', "valid"],
  [{ type: "long", gold: "[5]", language: "java" }, '"5"', "type_error:simple"],
  [{ type: "integer", gold: "[5]", language: "java" }, "5", "type_error:java"],
  [{ type: "Array", items: "integer", gold: "[[1, 2]]", language: "java" }, '"new int[]{1, 2}"', "valid"],
  [
    { type: "ArrayList", items: "String", gold: '[["a"]]', language: "java" },
    '"new ArrayList<>(Arrays.asList(\\"a\\"))"',
    "valid",
  ],
  [
    { type: "HashMap", gold: '[{"a": [1]}]', language: "java" },
    '"new HashMap<String, Integer>() {{ put(\\"a\\", 1); }}"',
    "valid",
  ],
  [{ type: "array", items: "integer", gold: "[[1, 2]]", language: "javascript" }, '"[1, 2]"', "valid"],
  [{ type: "array", items: "array", gold: "[[[1], [2, 3]]]", language: "javascript" }, '"[[1],[2, 3]]"', "valid"],
  [{ type: "dict", gold: '[{"k": [true], "l": [[1]]}]', language: "javascript" }, '"{k: true, l: [1]}"', "valid"],
  [{ type: "Bigint", gold: "[5]", language: "javascript" }, '"5n"', "valid"],
  [{ type: "String", gold: '["a"]', language: "javascript" }, "\"'a'\"", "valid"],
  [{ type: "float", gold: "[1.5]", language: "javascript" }, "1.5", "type_error:js"],
];

for (const [written, value, expected] of cases) {
  test(`${written.language ?? "python"} ${written.type}: ${value} for ${written.gold} is ${expected}`, () => {
    assert.equal(verdict(written, value), expected);
  });
}

const documented = (name: string): object => ({
  name,
  parameters: { type: "dict", properties: { a: { type: "integer" }, b: { type: "string" } }, required: ["a"] },
});

function judged(
  category: string,
  gold: string,
  calls: string,
  functions: object[] = [documented("f"), documented("g")],
) {
  const task: BfclTask = {
    category,
    language: "python",
    underscoreToDot: true,
    functions: loads(JSON.stringify(functions)),
    gold: loads(gold),
  };
  return judgeDecoded(task, loads(calls)).errorType ?? "valid";
}

test("parameters: required first, then what was given, then what was left out", () => {
  const gold = '[{"f": {"a": [1], "b": ["", "x"]}}]';
  assert.equal(judged("simple", gold, '[{"f": {"a": 1}}]'), "valid");
  assert.equal(judged("simple", gold, '[{"f": {"b": "x"}}]'), "simple_function_checker:missing_required");
  assert.equal(judged("simple", gold, '[{"f": {"a": 1, "c": 1}}]'), "simple_function_checker:unexpected_param");
  assert.equal(
    judged("simple", '[{"f": {"a": [1], "b": ["x"]}}]', '[{"f": {"a": 1}}]'),
    "simple_function_checker:missing_optional",
  );
  assert.equal(judged("simple", gold, '[{"g": {"a": 1}}]'), "simple_function_checker:wrong_func_name");
  assert.equal(judged("simple", gold, "[]"), "simple_function_checker:wrong_count");
  assert.equal(judged("simple", gold, '[{"f": [1]}]'), "ast_decoder:decoder_wrong_output_format");
  assert.equal(judged("simple", '[{"a.f": {"a": [1]}}]', '[{"a_f": {"a": 1}}]', [documented("a.f")]), "valid");
});

test("parallel calls in any order, taken greedily", () => {
  const gold = '[{"f": {"a": [1, 2]}}, {"f": {"a": [1]}}]';
  assert.equal(judged("parallel", gold, '[{"f": {"a": 2}}, {"f": {"a": 1}}]'), "valid");
  assert.equal(
    judged("parallel", gold, '[{"f": {"a": 1}}, {"f": {"a": 2}}]'),
    "parallel_function_checker_no_order:cannot_find_match",
  );
  assert.equal(judged("live_parallel_multiple", "[]", "[]"), "valid");
  assert.equal(judged("parallel", gold, "[]"), "parallel_function_checker_no_order:wrong_count");
  assert.equal(judged("multiple", '[{"g": {"a": [1]}}]', '[{"g": {"a": 1}}]'), "valid");
});

test("of two functions with one name the first is the one that is documented", () => {
  const second = {
    ...documented("f"),
    parameters: { type: "dict", properties: { z: { type: "string" } }, required: ["z"] },
  };
  const gold = '[{"f": {"a": [1]}}]';
  assert.equal(judged("multiple", gold, '[{"f": {"a": 1}}]', [documented("f"), second]), "valid");
  assert.equal(
    judged("multiple", gold, '[{"f": {"a": 1}}]', [second, documented("f")]),
    "simple_function_checker:missing_required",
  );
});

test("a document that BFCL cannot work with is an error", () => {
  const raises = (functions: unknown, message: string): void =>
    assert.throws(
      () =>
        judgeDecoded(
          {
            category: "simple",
            language: "python",
            underscoreToDot: false,
            functions: loads(JSON.stringify(functions)),
            gold: loads('[{"f": {"a": [1]}}]'),
          },
          loads('[{"f": {"a": 1}}]') as PythonValue,
        ),
      { name: "PythonError", message },
    );
  raises([{ name: "f", parameters: { properties: { a: { type: "integer" } } } }], "KeyError: 'required'");
  raises([{ name: "f", parameters: { properties: { a: { type: "number" } }, required: [] } }], "KeyError: 'number'");
  raises([], "IndexError: list index out of range");
});
