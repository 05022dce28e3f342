/** What every dialect that writes samples must hold, asked with random samples and with random records. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Dialect } from "../dialects/dialect.ts";
import { detectDialect } from "../dialects/index.ts";
import { callsOf, type Sample, type Tool, type Turn } from "../dialects/model.ts";
import { Ref } from "../dialects/ref.ts";
import { MAX_DEPTH, parseExactJson } from "../json.ts";

const ref = Ref.root;

/** Texts that an eager reader would take for something else. */
const hostile = [
  "</tool_call>",
  "<tool_call>",
  "<think>",
  "</tools>",
  "<|im_end|>",
  '{"name":"x"}',
  "__proto__",
  "\u0000",
];

const name = fc.stringMatching(/^[a-z][a-z_]{0,11}$/);
const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...hostile));
const values = fc.dictionary(fc.oneof(name, fc.constantFrom("__proto__", "constructor", "a b")), value, { maxKeys: 4 });
const prose = fc.stringMatching(/^[a-zäß😀"\\]{1,8}( [a-z.,]{1,8}){0,4}$/u);

const tool: fc.Arbitrary<Tool> = fc.record({ name, description: prose, properties: values }).map(
  ({ name, description, properties }): Tool => ({
    name,
    description,
    parameters: {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, sample]) => [key, { type: typeof sample, default: sample }]),
      ),
      required: Object.keys(properties).slice(0, 1),
    },
    ref,
    nameRef: ref,
    schemaRef: () => ref,
    written: {},
  }),
);

/** A question, an answer with calls and what the tools say to them. */
const round: fc.Arbitrary<Turn[]> = fc
  .record({
    question: prose,
    text: fc.oneof(prose, fc.constant("")),
    thought: fc.oneof(prose, fc.constant("")),
    calls: fc.array(fc.record({ name, values }), { maxLength: 3 }),
    result: prose,
    answer: prose,
  })
  .map(({ question, text, thought, calls, result, answer }) => [
    { role: "user", text: question, calls: [], ref },
    {
      role: "assistant",
      text: thought === "" ? text : `<think>\n${thought}\n</think>\n\n${text}`,
      calls: calls.map((call) => ({
        name: call.name,
        nameRef: ref,
        arguments: call.values,
        argumentsRef: ref,
        form: "object",
        wanted: ["object"],
        ref,
      })),
      ref,
    },
    ...calls.map((): Turn => ({ role: "tool", text: result, calls: [], ref })),
    { role: "user", text: question, calls: [], ref },
    { role: "assistant", text: answer, calls: [], ref },
  ]);

export const samples: fc.Arbitrary<Sample> = fc
  .record({
    system: fc.option(prose),
    rounds: fc.array(round, { minLength: 1, maxLength: 3 }),
    tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
  })
  .map(({ system, rounds, tools }): Sample => {
    const leading: Turn[] = system === null ? [] : [{ role: "system", text: system, calls: [], ref }];
    const turns = [...leading, ...rounds.flat()];
    return { query: "", queryRef: ref, offer: { kind: "own", tools }, turns, demonstrations: [], ref };
  });

const throughFile = (written: unknown): unknown => parseExactJson(JSON.stringify(written));

export interface RoundTrip {
  /** What the dialect keeps of an assistant's text. */
  text?(text: string): string;
}

/** What is written is read again: tools, turns and calls. It is detected as the dialect, and nothing in it is unreadable. */
export function assertRoundTrip(dialect: Dialect, { text = (kept) => kept }: RoundTrip = {}): void {
  fc.assert(
    fc.property(samples, (sample) => {
      const written = throughFile(dialect.writeSample?.(sample).value);
      const { samples: read, unreadable } = dialect.read(written, Ref.root);
      assert.deepEqual(unreadable, []);
      assert.equal(read.length, 1);
      const [again] = read;
      assert.equal(shown(again && turnsShown(again, (same) => same)), shown(turnsShown(sample, text)));
      assert.equal(shown(again && toolsShown(again)), shown(toolsShown(sample)));
      for (const call of callsOf(again ?? sample)) assert.ok(call.wanted.includes(call.form), call.form);
      if (callsOf(sample).length > 0) assert.equal(detectDialect([written])?.id, dialect.id);
    }),
    { seed: 7, numRuns: 100 },
  );
}

const shown = (what: unknown): string => JSON.stringify(what);

const turnsShown = ({ turns }: Sample, kept: (text: string) => string): unknown =>
  turns.map(({ role, text, calls }) => [role, kept(text).trim(), calls.map((call) => [call.name, call.arguments])]);

const toolsShown = ({ offer }: Sample): unknown =>
  offer.kind === "own" ? offer.tools.map(({ name, description, parameters }) => [name, description, parameters]) : [];

const words = [
  "arguments",
  "assistant",
  "available_tools",
  "call_id",
  "chosen",
  "chosen_messages",
  "content",
  "conversations",
  "custom_id",
  "from",
  "function",
  "function_call",
  "function_call_output",
  "gpt",
  "human",
  "id",
  "input",
  "input_schema",
  "instructions",
  "message",
  "messages",
  "name",
  "object",
  "observation",
  "output",
  "parameters",
  "params",
  "properties",
  "reasoning",
  "role",
  "string",
  "system",
  "text",
  "thinking",
  "tool",
  "tool_call",
  "tool_call_id",
  "tool_calls",
  "tool_response",
  "tool_result",
  "tool_use",
  "tool_use_id",
  "tools",
  "type",
  "user",
  "value",
  "__proto__",
  "constructor",
];
const texts = [
  ...words,
  ...hostile,
  '{"name":"f","arguments":{"a":1}}',
  '"{\\"name\\":\\"f\\",\\"arguments\\":{}}"',
  '[{"name":"f","arguments":"{\\"a\\":1}"}]',
  '{"name":"f","arguments":',
  "<tool_call>{'name': 'f', 'arguments': {}}</tool_call>",
  '<tools>[{"name":"f"}]</tools>',
  '<|im_start|>assistant\n<tool_call>\n{"name":"f","arguments":{}}\n</tool_call><|im_end|>',
  "<think>a</think>{}",
];

/** JSON made of the words that dialects look for, in all the wrong places. */
const garbage: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 6, depthSize: "medium" },
    fc.constantFrom<unknown>(...texts, null, 0, true, parseExactJson("9007199254740993"), ""),
    fc.dictionary(fc.constantFrom(...words), tie("node"), { minKeys: 1, maxKeys: 6 }),
    fc.array(tie("node"), { maxLength: 4 }),
  ),
})).node;

/** Nothing throws on any JSON, and calls that were read survive being written. */
export function assertSurvives(dialect: Dialect): void {
  const check = (record: unknown): void => {
    const score = dialect.detect(record);
    assert.ok(score >= 0 && score <= 1);
    const { samples: read, tools } = dialect.read(record, Ref.root);
    for (const one of tools) JSON.stringify(dialect.writeTool?.(one));
    for (const sample of read) {
      for (const call of callsOf(sample)) JSON.stringify(dialect.writeCall?.(call));
      const [again] = dialect.read(throughFile(dialect.writeSample?.(sample).value), Ref.root).samples;
      assert.equal(shown(again && callsShown(again)), shown(callsShown(sample)));
    }
  };
  fc.assert(fc.property(garbage, check), { seed: 11, numRuns: 1000 });
  fc.assert(fc.property(fc.jsonValue(), check), { seed: 12, numRuns: 300 });
  for (const key of ["messages", "conversations", "tools", "input", "text"]) {
    check({ [key]: deep(MAX_DEPTH - 10) });
    check({ [key]: JSON.stringify(deep(3 * MAX_DEPTH)) });
    check({ [key]: "<think>".repeat(100_000) });
    check({ [key]: "<tool_call>".repeat(100_000) });
    check({
      [key]: [{ role: "assistant", from: "gpt", content: "<tool_call>\n".repeat(50_000), value: "\n".repeat(100_000) }],
    });
  }
  check(JSON.parse('{"__proto__": {"messages": []}, "messages": [{"role": "constructor", "from": "__proto__"}]}'));
}

const callsShown = (sample: Sample): unknown => callsOf(sample).map((call) => [call.name, call.arguments]);

const deep = (levels: number): unknown => {
  let nested: unknown = [];
  for (let level = 0; level < levels; level++) nested = level % 2 === 0 ? [nested] : { content: nested };
  return nested;
};
