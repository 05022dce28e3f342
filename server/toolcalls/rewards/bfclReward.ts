/** BFCL's check as a reward for samples: 1 for what BFCL calls valid, else 0. Tools and gold calls are put as BFCL documents them. */
import type { BfclSettings } from "../../../schemas/rewards.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { Tool } from "../../../schemas/tools.ts";
import type { ToolMap } from "../catalog.ts";
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import { PythonError } from "../python/error.ts";
import { loads } from "../python/json.ts";
import type { BfclTask } from "./bfcl/checker.ts";
import { type BfclVerdict, judgeCompletion, judgeRelevance } from "./bfcl/score.ts";
import { failedReward, NO_CONTEXT, type Reward } from "./reward.ts";

export const bfclAst =
  (settings: BfclSettings): Reward =>
  (completion, sample, { tools } = NO_CONTEXT) => {
    try {
      const { valid, errorType } = judge(completion, sample, tools, settings);
      const read = errorType === null || !errorType.startsWith("ast_decoder");
      return {
        reward: valid ? 1 : 0,
        parts: { format: read ? 1 : 0, result: valid ? 1 : 0 },
        reason: errorType === null ? "the calls are valid" : `the calls are not valid (${errorType})`,
        verdict: { correct: valid, formatOk: read },
      };
    } catch (error) {
      if (error instanceof PythonError) return failedReward(`BFCL raises ${plain(error.message, 160)}`);
      throw error;
    }
  };

function judge(completion: string, sample: Sample, tools: ToolMap, settings: BfclSettings): BfclVerdict {
  if (sample.answer.length === 0) return judgeRelevance(completion, settings.decoder, false);
  return judgeCompletion(taskOf(sample, tools, settings.underscoreToDot), completion, settings.decoder);
}

const tasks = new WeakMap<Sample, { tools: ToolMap; task: BfclTask }>();

function taskOf(sample: Sample, tools: ToolMap, underscoreToDot: boolean): BfclTask {
  const known = tasks.get(sample);
  if (known?.tools === tools && known.task.underscoreToDot === underscoreToDot) return known.task;
  const offered = sample.tools.flatMap((name) => tools.get(name) ?? []);
  const task: BfclTask = {
    category: sample.answer.length > 1 ? "parallel" : "multiple",
    language: "python",
    underscoreToDot,
    functions: loads(JSON.stringify(offered.map(documentation))),
    gold: loads(JSON.stringify(sample.answer.map(({ name, arguments: values }) => ({ [name]: allowed(values) })))),
  };
  tasks.set(sample, { tools, task });
  return task;
}

/** JSON Schema's types by BFCL's names; a type that has none there is left, and BFCL raises on it. */
const TYPES: Readonly<Record<string, string>> = { object: "dict", number: "float" };

function documentation({ function: { name, description = "", parameters } }: Tool): object {
  const { properties = {}, required = [] } = (parameters ?? {}) as { properties?: object; required?: unknown };
  const documented = Object.entries(properties).map(([key, schema]) => [key, property(schema)]);
  return { name, description, parameters: { type: "dict", properties: Object.fromEntries(documented), required } };
}

function property(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const type = typeof schema.type === "string" ? (TYPES[schema.type] ?? schema.type) : schema.type;
  return { ...schema, type, ...(schema.items === undefined ? {} : { items: property(schema.items) }) };
}

/** Each value as the only one allowed, those inside of objects too. */
function allowed(values: object): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [inner(value)]]));
}

function inner(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inner);
  return isJsonObject(value) ? allowed(value) : value;
}
