/** Hand edits of samples, checked against the samples and tools they speak of (schemas/replacement.ts). */
import { InputError } from "../../schemas/problem.ts";
import { type Replacement, replacementSchema } from "../../schemas/replacement.ts";
import type { Sample, ToolCall } from "../../schemas/samples.ts";
import { argumentFaults, describeArgumentFault } from "./argumentFaults.ts";
import type { ToolMap } from "./catalog.ts";
import { faultsIn, follows } from "./check.ts";
import { sameCalls, sameValue } from "./compare.ts";
import { plain } from "./display.ts";
import { type JsonDocument, jsonOf, readJson } from "./documents.ts";
import { isJsonObject } from "./json.ts";
import { endWithHint } from "./nearest.ts";
import { rowHash } from "./rowHash.ts";
import { ToolSchema } from "./toolSchema.ts";

export interface ReplacementContext {
  /** The rows an experiment trains on, by id. */
  samples: ReadonlyMap<string, Sample>;
  tools: ToolMap;
}

export interface ReplacementProblem {
  kind:
    | "schema"
    | "unknown-sample"
    /** The row is not the one that was edited. */
    | "row-changed"
    /** The hash is not that of the copy of the row that stands beside it. */
    | "row-mismatch"
    | "no-demonstrations"
    | "unknown-tool"
    /** Gold of a tool that the prompt does not offer. */
    | "not-offered"
    | "argument"
    | "leak";
  path: (string | number)[];
  /** What is wrong and what to do, safe to show. */
  sentence: string;
}

export type CheckedReplacement =
  | { replacement: Replacement }
  /** Not empty, in the order in which they are best mended. */
  | { problems: ReplacementProblem[] };

/** A replacement that may go to training, or everything that stands against it. Never throws on any JSON value. */
export function checkReplacement(value: unknown, context: ReplacementContext): CheckedReplacement {
  const schema = replacementSchema(isJsonObject(value) ? value.action : undefined);
  if (!isReplacement(value)) {
    // A misspelt key is also a missing one, and the spelling is what to mend.
    const faults = faultsIn(schema, value).sort((a, b) => Number(b.unknownKey) - Number(a.unknownKey));
    return { problems: faults.map(({ path, sentence }) => ({ kind: "schema", path, sentence })) };
  }
  const problems = [...rowProblems(value, context), ...actionProblems(value, context)];
  return problems.length === 0 ? { replacement: value } : { problems };
}

const isReplacement = (value: unknown): value is Replacement =>
  isJsonObject(value) && follows(replacementSchema(value.action), value);

/**
 * As checkReplacement, of a file; its problems have their places.
 * @param text what the file holds, where that is not what the disk holds
 */
export function readReplacement(
  file: string,
  context: ReplacementContext,
  text?: string,
): { replacement: Replacement } | { problems: InputError[] } {
  let document: JsonDocument;
  try {
    const options = { exactNumbers: true };
    document = text === undefined ? readJson(file, options) : jsonOf(text, file, options);
  } catch (error) {
    if (error instanceof InputError) return { problems: [error] };
    throw error;
  }
  const checked = checkReplacement(document.value, context);
  if ("replacement" in checked) return checked;
  return { problems: checked.problems.map(({ sentence, path }) => new InputError(sentence, document.locate(path))) };
}

function rowProblems(
  { sample: id, row, original }: Replacement,
  { samples }: ReplacementContext,
): ReplacementProblem[] {
  const sample = samples.get(id);
  if (sample === undefined) {
    const sentence = `No sample has the id "${plain(id)}"${endWithHint(id, samples.keys())}`;
    return [{ kind: "unknown-sample", path: ["sample"], sentence }];
  }
  if (original !== undefined && rowHash(original) !== row) {
    const sentence = 'This is not the hash of the row under "original"; one of the two was changed by hand.';
    return [{ kind: "row-mismatch", path: ["row"], sentence }];
  }
  const now = rowHash(sample);
  if (now === row) return [];
  const changed = original === undefined ? "" : ` (${changedKeys(original, sample).join(", ")})`;
  const sentence = `The sample "${plain(id)}" has changed since this edit was made${changed}. Look at the edit again, then set this to "${now}".`;
  return [{ kind: "row-changed", path: ["row"], sentence }];
}

/** Keys whose values differ, in the order of the rows. */
export function changedKeys(before: Sample, after: Sample): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !sameValue(old.get(key), now.get(key)));
}

function actionProblems(replacement: Replacement, { samples, tools }: ReplacementContext): ReplacementProblem[] {
  const sample = samples.get(replacement.sample);
  switch (replacement.action) {
    case "exclude":
      return [];
    case "fixGold":
      return replacement.gold.flatMap((call, index) => [
        ...callProblems(call, ["gold", index], tools),
        ...offerProblems(call, ["gold", index, "name"], sample, tools),
      ]);
    case "fewshot": {
      const { demonstrations } = replacement;
      if (demonstrations.length === 0) {
        const sentence = 'Without a demonstration this is the raw row; add one, or set the action to "exclude".';
        return [{ kind: "no-demonstrations", path: ["demonstrations"], sentence }];
      }
      return demonstrations.flatMap(({ query, calls }, index) => {
        const path = ["demonstrations", index];
        const problems = calls.flatMap((call, at) => callProblems(call, [...path, "calls", at], tools));
        if (sample !== undefined && givesAway({ query, answer: calls }, sample)) {
          const sentence = "This demonstration has the very answer of the sample it is shown before; choose another.";
          problems.push({ kind: "leak", path, sentence });
        }
        return problems;
      });
    }
  }
}

/**
 * Whether a demonstration tells what the sample asks: it has its answer. That no tool fits is an answer that many
 * questions share, and tells nothing unless the question is the same.
 */
export function givesAway(
  demonstration: Pick<Sample, "query" | "answer">,
  sample: Pick<Sample, "query" | "answer">,
): boolean {
  if (!sameCalls(sample.answer, demonstration.answer)) return false;
  return sample.answer.length > 0 || demonstration.query === sample.query;
}

/** A call that the tool of its name would refuse can be neither shown as right nor made by a policy that heeds its prompt. */
function callProblems(call: ToolCall, path: (string | number)[], tools: ToolMap): ReplacementProblem[] {
  const tool = tools.get(call.name);
  if (tool === undefined) {
    const sentence = `No catalog defines the tool "${plain(call.name)}"${endWithHint(call.name, tools.keys())}`;
    return [{ kind: "unknown-tool", path: [...path, "name"], sentence }];
  }
  return argumentFaults(ToolSchema.of(tool.function.parameters), call.arguments).map((fault) => ({
    kind: "argument",
    path: [...path, "arguments", ...fault.path],
    sentence: describeArgumentFault(call.name, fault),
  }));
}

function offerProblems(
  { name }: ToolCall,
  path: (string | number)[],
  sample: Sample | undefined,
  tools: ToolMap,
): ReplacementProblem[] {
  if (sample === undefined || !tools.has(name) || sample.tools.includes(name)) return [];
  const sentence = `The sample does not offer the tool "${plain(name)}", so no completion can satisfy this gold${endWithHint(name, sample.tools)}`;
  return [{ kind: "not-offered", path, sentence }];
}
