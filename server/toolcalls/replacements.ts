/** Hand edits of samples, checked against the samples and tools they speak of (schemas/replacement.ts). */
import { InputError } from "../../schemas/problem.ts";
import { type Replacement, type ReplacementDemonstration, replacementSchema } from "../../schemas/replacement.ts";
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
import { unknownTool } from "./rows.ts";
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
  /** Hash of the row as it is now, where it has changed. */
  now?: string;
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
  const calls = callProblems(value, context.tools);
  const unknown = new Set(calls.filter(({ kind }) => kind === "unknown-tool").map(({ path }) => path.join()));
  const ofRow = rowProblems(value, context.samples.get(value.sample), context.samples.keys());
  const problems = [...ofRow.filter(({ path }) => !unknown.has(path.join())), ...calls];
  return problems.length === 0 ? { replacement: value } : { problems };
}

/** Whether the value has the form of one; what it speaks of is another matter. */
export const isReplacement = (value: unknown): value is Replacement =>
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

/**
 * What stands against an edit beside the row as it is now, whatever tools there are.
 * @param row undefined where no sample has the id
 * @param ids of all samples, for a hint
 */
export function rowProblems(
  replacement: Replacement,
  row: Sample | undefined,
  ids: Iterable<string> = [],
): ReplacementProblem[] {
  if (row !== undefined) return [...changeProblems(replacement, row), ...actionProblems(replacement, row)];
  const id = replacement.sample;
  const sentence = `No sample has the id "${plain(id)}"${endWithHint(id, ids)}`;
  return [{ kind: "unknown-sample", path: ["sample"], sentence }, ...actionProblems(replacement, undefined)];
}

function changeProblems({ row: edited, original }: Replacement, row: Sample): ReplacementProblem[] {
  if (original !== undefined && rowHash(original) !== edited) {
    const sentence = 'This is not the hash of the row under "original"; one of the two was changed by hand.';
    return [{ kind: "row-mismatch", path: ["row"], sentence }];
  }
  const now = rowHash(row);
  if (now === edited) return [];
  const changed = original === undefined ? "" : ` (${changedKeys(original, row).join(", ")})`;
  const sentence = `The sample "${plain(row.id)}" has changed since this edit was made${changed}. Look at the edit again, then set this to "${now}".`;
  return [{ kind: "row-changed", path: ["row"], sentence, now }];
}

/** Keys whose values differ, in the order of the rows. */
function changedKeys(before: Sample, after: Sample): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !sameValue(old.get(key), now.get(key)));
}

function actionProblems(replacement: Replacement, row: Sample | undefined): ReplacementProblem[] {
  switch (replacement.action) {
    case "exclude":
      return [];
    case "fixGold":
      return row === undefined ? [] : offerProblems(replacement.gold, row);
    case "fewshot":
      return demonstrationProblems(replacement.demonstrations, row);
  }
}

function offerProblems(gold: readonly ToolCall[], { tools }: Sample): ReplacementProblem[] {
  return gold.flatMap(({ name }, index) => {
    if (tools.includes(name)) return [];
    const hint = endWithHint(name, tools);
    const sentence = `The sample does not offer the tool "${plain(name)}", so no completion can satisfy this gold${hint}`;
    return [{ kind: "not-offered", path: ["gold", index, "name"], sentence }];
  });
}

export const NO_DEMONSTRATIONS =
  'Without a demonstration this is the raw row; add one, or set the action to "exclude".';

function demonstrationProblems(
  demonstrations: readonly ReplacementDemonstration[],
  row: Sample | undefined,
): ReplacementProblem[] {
  if (demonstrations.length === 0) {
    return [{ kind: "no-demonstrations", path: ["demonstrations"], sentence: NO_DEMONSTRATIONS }];
  }
  return demonstrations.flatMap(({ query, calls }, index) => {
    if (row === undefined || !givesAway({ query, answer: calls }, row)) return [];
    const sentence = "This demonstration has the very answer of the sample it is shown before; choose another.";
    return [{ kind: "leak", path: ["demonstrations", index], sentence }];
  });
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

/** Calls that their tools would refuse: they can be neither shown as right nor made by a policy that heeds its prompt. */
function callProblems(replacement: Replacement, tools: ToolMap): ReplacementProblem[] {
  return callsOf(replacement).flatMap(({ call, path }) => {
    const tool = tools.get(call.name);
    if (tool === undefined) {
      return [{ kind: "unknown-tool", path: [...path, "name"], sentence: unknownTool(call.name, tools) }];
    }
    return argumentFaults(ToolSchema.of(tool.function.parameters), call.arguments).map(
      (fault): ReplacementProblem => ({
        kind: "argument",
        path: [...path, "arguments", ...fault.path],
        sentence: describeArgumentFault(call.name, fault),
      }),
    );
  });
}

function callsOf(replacement: Replacement): { call: ToolCall; path: (string | number)[] }[] {
  switch (replacement.action) {
    case "exclude":
      return [];
    case "fixGold":
      return replacement.gold.map((call, index) => ({ call, path: ["gold", index] }));
    case "fewshot":
      return replacement.demonstrations.flatMap(({ calls }, index) =>
        calls.map((call, at) => ({ call, path: ["demonstrations", index, "calls", at] })),
      );
  }
}
