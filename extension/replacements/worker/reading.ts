/** What the text of a replacement says, as the view shows it. Never throws on any text. */
import { dirname } from "node:path";
import { describe, InputError } from "../../../schemas/problem.ts";
import type { CallReading, EditReading, Path, Reading, SampleReading } from "../../../schemas/replacementView.ts";
import type { Sample, ToolCall } from "../../../schemas/samples.ts";
import type { ToolMap } from "../../../server/toolcalls/catalog.ts";
import { jsonOf } from "../../../server/toolcalls/documents.ts";
import { isJsonObject } from "../../../server/toolcalls/json.ts";
import { checkReplacement } from "../../../server/toolcalls/replacements.ts";
import { rowHash } from "../../../server/toolcalls/rowHash.ts";
import type { FoundRun } from "../../../server/training/client/discover.ts";
import type { OpenFile } from "../messages.ts";
import { callReading } from "./callReading.ts";
import { SourceText } from "./sourceText.ts";
import type { Workbook } from "./workbook.ts";

export interface Surroundings {
  run: FoundRun | undefined;
  /** Last step and state of the sample, where the run has stored any. */
  progress(run: FoundRun, sample: string): { step: number; state: string | null };
  /** @throws InputError */
  workbook(replacements: string, sample: string, run: FoundRun | undefined): Workbook;
}

const NO_TOOLS: ToolMap = new Map();

export function readingOf({ file, text, version }: OpenFile, around: Surroundings): Reading {
  const nothing: Reading = {
    version,
    fault: null,
    edit: null,
    problems: [],
    sample: null,
    prompt: { problem: "" },
    tools: [],
    run: null,
    trouble: null,
  };
  let value: unknown;
  try {
    value = jsonOf(text, file, { exactNumbers: true }).value;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...nothing, fault: { sentence: error.message, line: error.place?.line ?? null } };
  }
  const id = isJsonObject(value) && typeof value.sample === "string" ? value.sample : "";
  const { run } = around;
  const runReading = run && {
    id: run.id,
    live: run.live,
    takesEdits: run.record.experiment.settings.curriculum.replacements,
    ...around.progress(run, id),
  };
  let workbook: Workbook | undefined;
  let trouble: string | null = null;
  try {
    workbook = around.workbook(dirname(file), id, run);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    trouble = describe(error);
  }
  const tools = workbook?.tools ?? NO_TOOLS;
  const known = { ...nothing, run: runReading ?? null, trouble, tools: [...tools.keys()] };
  const checked = checkReplacement(value, { samples: workbook?.samples ?? new Map(), tools });
  const found = "problems" in checked ? checked.problems : [];
  const edit = editReading(value, tools, new SourceText(text));
  if (edit === undefined) {
    // A key of another type is what keeps the file from being shown; a missing one seldom does.
    const first = found.find(({ path }) => path.length > 0) ?? found[0];
    const sentence = first ? `${pathText(first.path)}${first.sentence}` : "This is no replacement.";
    return { ...known, fault: { sentence, line: null } };
  }
  // Without samples and tools, every name would be unknown.
  const problems = workbook ? found : found.filter((problem) => problem.kind === "schema");
  const row = workbook?.samples.get(id);
  return {
    ...known,
    edit: edit.reading,
    problems: problems.map(({ path, sentence, kind }) => ({ path, sentence, kind })),
    sample: row ? sampleReading(row, tools) : null,
    prompt: promptReading(workbook, row, edit),
  };
}

interface ShownEdit {
  reading: EditReading;
  demonstrations: { query: string; thought: string | undefined; answer: ToolCall[] }[];
}

/** Undefined where the value lacks what the view needs; all else is a problem of a field. */
function editReading(value: unknown, tools: ToolMap, source: SourceText): ShownEdit | undefined {
  if (!isJsonObject(value)) return undefined;
  const { action, scope = "always", note = "", sample } = value;
  if (action !== "fewshot" && action !== "exclude" && action !== "fixGold") return undefined;
  if (scope !== "always" && scope !== "whileHard") return undefined;
  if (typeof note !== "string" || typeof sample !== "string") return undefined;
  const demonstrations = action === "fewshot" ? listOf(value.demonstrations, shownDemonstration) : [];
  const gold = action === "fixGold" ? listOf(value.gold, shownCall) : [];
  if (demonstrations === undefined || gold === undefined) return undefined;
  const readingsOf = (calls: readonly ToolCall[], ...path: Path): CallReading[] =>
    calls.map((call, index) => callReading(call, tools, source.at([...path, index, "arguments"])));
  return {
    demonstrations,
    reading: {
      sample,
      action,
      scope,
      note,
      demonstrations: demonstrations.map(({ query, thought, answer }, index) => ({
        query,
        thought: thought ?? null,
        calls: readingsOf(answer, "demonstrations", index, "calls"),
      })),
      gold: readingsOf(gold, "gold"),
    },
  };
}

function listOf<T>(value: unknown, item: (value: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map(item);
  return items.every((one) => one !== undefined) ? items : undefined;
}

function shownDemonstration(value: unknown): ShownEdit["demonstrations"][number] | undefined {
  if (!isJsonObject(value) || typeof value.query !== "string") return undefined;
  const { query, thought } = value;
  if (thought !== undefined && typeof thought !== "string") return undefined;
  const answer = listOf(value.calls, shownCall);
  return answer && { query, thought, answer };
}

function shownCall(value: unknown): ToolCall | undefined {
  if (!isJsonObject(value) || typeof value.name !== "string" || !isJsonObject(value.arguments)) return undefined;
  return { name: value.name, arguments: value.arguments };
}

function sampleReading(row: Sample, tools: ToolMap): SampleReading {
  return {
    query: row.query,
    tools: row.tools.map((name) => ({ name, description: tools.get(name)?.function.description ?? "" })),
    answer: row.answer.map((call) => callReading(call, tools)),
    answerJson: JSON.stringify(row.answer, null, 2),
    rowJson: JSON.stringify(row, null, 2),
    row: rowHash(row),
  };
}

/** The few-shot version exactly as training renders it; the raw row for the other actions. */
function promptReading(workbook: Workbook | undefined, row: Sample | undefined, edit: ShownEdit): Reading["prompt"] {
  if (!workbook) return { problem: "Without the experiment's files the prompt cannot be shown." };
  if (!row) return { problem: "Without its sample the prompt cannot be shown." };
  try {
    const shown = edit.reading.action === "fewshot" ? edit.demonstrations : undefined;
    const { parts, tokens } = workbook.renderer().marked(row, shown);
    return { parts, tokens: tokens.length, budget: workbook.experiment.settings.lengths.prompt };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: describe(error) };
  }
}

const pathText = (path: readonly (string | number)[]): string => (path.length === 0 ? "" : `${path.join(".")}: `);
