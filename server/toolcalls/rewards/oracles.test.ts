import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { PythonError } from "../python/error.ts";
import { loads } from "../python/json.ts";
import { isDict, OpaqueValue, PythonTuple, type PythonValue, WholeFloat } from "../python/value.ts";
import { apiBankCall, apiBankCallText } from "./apiBank.ts";
import { decode } from "./bfcl/decode.ts";
import { BfclFiles, pairScorer } from "./pairs.ts";
import { callsInText, isCallText } from "./toolN1Text.ts";

/** Answers of the original code, where they lie beside the checkout. */
const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const skip = !fs.existsSync(`${shared}oracles`) && "no recorded answers";

const linesOf = (name: string): string[] =>
  fs.readFileSync(`${shared}oracles/${name}.jsonl`, "utf8").trimEnd().split("\n");

/** Python's values as JSON has them, for comparison alone. */
function plainOf(value: PythonValue): unknown {
  if (value instanceof WholeFloat) return value.value;
  if (value instanceof PythonTuple) return { __tuple__: value.items.map(plainOf) };
  if (value instanceof OpaqueValue) return { __repr__: value.type };
  if (Array.isArray(value)) return value.map(plainOf);
  if (isDict(value)) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plainOf(inner)]));
  return value;
}

function outcome(action: () => unknown): unknown {
  try {
    return { score: action() };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { error: error.message };
  }
}

for (const [file, reward] of [
  ["toolrl", "toolrl"],
  ["tool-n1", "tool-n1"],
  ["bfcl", "bfcl-ast"],
] as const) {
  test(`${reward} answers as the original code did`, { skip }, () => {
    const scorer = pairScorer(reward, { files: new BfclFiles(`${shared}corpus/bfcl`) });
    const wrong: unknown[] = [];
    let compared = 0;
    for (const line of linesOf(file)) {
      const record = loads(line);
      assert.ok(isDict(record));
      const { id, score, error } = plainOf(record) as Record<string, unknown>;
      const ours = outcome(() => scorer(record));
      const theirs = error === undefined ? { score } : { error };
      compared++;
      try {
        assert.deepEqual(ours, theirs);
      } catch {
        wrong.push({ id, ours, theirs });
      }
    }
    assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${compared} differ`);
    assert.ok(compared > 300);
  });
}

test("calls in texts are read as the original readers read them", { skip }, () => {
  const wrong: unknown[] = [];
  for (const line of linesOf("text-calls")) {
    const { id, completion, parsed } = plainOf(loads(line)) as {
      id: string;
      completion: string;
      parsed: Record<string, unknown>;
    };
    const call = apiBankCall(completion);
    const ours: Record<string, unknown> = {
      "api-bank.parse_api_call": call
        ? { __tuple__: [call.name, Object.fromEntries(call.parameters)] }
        : { error: "AttributeError" },
      "api-bank.get_api_call": apiBankCallText(completion) ?? null,
      "tool-n1._parse_function_string": callsInText(completion).map(({ name, values }) => ({
        __tuple__: [name, plainOf(values)],
      })),
      "tool-n1._validate_function_format": isCallText(completion),
      "bfcl.default_decode_ast_prompting": decoded(completion),
    };
    for (const [reader, theirs] of Object.entries(parsed)) {
      try {
        assert.deepEqual(ours[reader], theirs);
      } catch {
        wrong.push({ id, completion, reader, ours: ours[reader], theirs });
      }
    }
  }
  assert.deepEqual(wrong, []);
});

function decoded(completion: string): unknown {
  try {
    return plainOf(decode(completion, "python-prompt"));
  } catch (error) {
    if (error instanceof PythonError) return { error: error.kind };
    throw error;
  }
}
