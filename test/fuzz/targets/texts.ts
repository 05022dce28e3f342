/** Text that a model wrote, or that stands in an editor half written. */
import { analyzeRecord } from "../../../server/language/analysis/analyzeRecord.ts";
import { RuleSet } from "../../../server/language/analysis/ruleSet.ts";
import { ToolScope } from "../../../server/language/analysis/scope.ts";
import { ParsedRecord } from "../../../server/language/records/parsedRecord.ts";
import { experimentLinks } from "../../../server/language/workspace/experiments.ts";
import { detectDialect } from "../../../server/toolcalls/dialects/index.ts";
import { toolexpander } from "../../../server/toolcalls/rewards/toolexpander.ts";
import { readScores } from "../../../server/training/spark/judges/readScores.ts";
import type { Target } from "../target.ts";
import { bytesOf, exampleLines, exampleText, jsonBytes, textOf } from "./support.ts";

const ANSWER = [{ name: "get_weather", arguments: { city: "Bern", days: 3 } }];

const completions: Target = {
  name: "completions",
  weight: 8,
  seeds: () =>
    [
      '<think>So.</think>\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Bern", "days": 3}}\n</tool_call>',
      '<tool_call>{"name":"a","arguments":{}}</tool_call><tool_call>{"name":"b","arguments":{"x":[1,2,{"y":null}]}}</tool_call>',
      "No tool fits that.",
    ].map(bytesOf),
  open: () => ({
    read(input) {
      toolexpander(textOf(input), { id: "a", query: "?", tools: ["get_weather"], answer: ANSWER });
    },
  }),
};

const judgeAnswers: Target = {
  name: "judge's answers",
  weight: 4,
  seeds: () => [
    bytesOf('Here:\n```json\n{"scores":[{"candidate":0,"score":7,"reason":"good"},{"candidate":1,"score":2.5}]}\n```'),
    jsonBytes({
      scores: [
        { candidate: 1, score: 0, reason: null },
        { candidate: 0, score: 10 },
      ],
    }),
  ],
  open: () => ({
    read(input) {
      readScores(textOf(input), 2);
    },
  }),
};

const records: Target = {
  name: "records of the language server",
  weight: 5,
  seeds: () => [
    ...exampleLines("quickstart/train.samples.jsonl", { seeds: 10, lines: 1 }),
    ...exampleLines("quickstart/quickstart.demos.jsonl", { seeds: 10, lines: 1 }),
    ...exampleLines("episodes/train.questions.jsonl", { seeds: 5, lines: 1 }),
    bytesOf(exampleText("episodes/house.tools.json")),
    bytesOf(exampleText("quickstart/experiment.json")),
  ],
  open: () => ({
    read(input) {
      const text = textOf(input);
      const record = ParsedRecord.parse(text);
      const at = { line: 0, character: 0 };
      const origin = { file: "/a.jsonl", start: at, text: () => text, locate: () => ({ start: at, end: at }) };
      const dialect = detectDialect([record.value]);
      analyzeRecord({ record, dialect, origin, rules: RuleSet.standard, scopeOf: () => ToolScope.unknown });
      experimentLinks("/a/experiment.json", text);
    },
  }),
};

export const textTargets: readonly Target[] = [completions, judgeAnswers, records];
