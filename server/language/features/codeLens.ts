/** Lenses above tools (how often they are called and hard) and demonstrations (reward and length of their answer). */
import type { CodeLens } from "vscode-languageserver";
import type { ToolCall } from "../../../schemas/samples.ts";
import { callsOf, type Sample } from "../../toolcalls/dialects/model.ts";
import { plain, withoutIcons } from "../../toolcalls/display.ts";
import { toolexpander as rewardOf } from "../../toolcalls/rewards/toolexpander.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import { SHOW_REFERENCES } from "../messages.ts";
import type { AnswerLengths } from "./answerLength.ts";
import type { HardCounts } from "./hardCounts.ts";
import { plural } from "./hover.ts";
import { mentionsOf } from "./mentions.ts";
import { OpenRecord } from "./openRecord.ts";
import type { ToolUsage } from "./usage.ts";

export interface LensSources {
  usage: ToolUsage;
  hard: HardCounts;
  lengths: AnswerLengths;
}

export interface VisibleLines {
  firstLine: number;
  lastLine: number;
}

/** Lines around the visible ones that get lenses too, so that they are there when someone scrolls. */
export const AROUND = 100;
/** Records that get lenses at a time. */
const MOST_RECORDS = 400;

export function codeLenses(
  analysis: DocumentAnalysis,
  uri: string,
  visible: VisibleLines,
  sources: LensSources,
): CodeLens[] {
  const range = {
    start: { line: Math.max(0, visible.firstLine - AROUND), character: 0 },
    end: { line: visible.lastLine + AROUND, character: 0 },
  };
  const lenses: CodeLens[] = [];
  for (const record of OpenRecord.within(analysis, range, MOST_RECORDS))
    lenses.push(...toolLenses(record, uri, sources), ...demonstrationLenses(record, sources));
  return lenses;
}

function toolLenses(record: OpenRecord, uri: string, { usage, hard }: LensSources): CodeLens[] {
  const { view } = record;
  // Tools that every record carries would hide the records behind lenses.
  if (view.reading.tools.length === 0) return [];
  return mentionsOf(view).flatMap(({ kind, parameter, tool, toolName, ref }) => {
    if (kind !== "definition" || parameter.length > 0) return [];
    const counts = usage.of(tool);
    if (counts === undefined) return [];
    const hardCount = hard.ofTool(toolName);
    const title = [
      plural(counts.demonstrations, "demonstration"),
      plural(counts.samples, "sample"),
      ...(hardCount === undefined ? [] : [`hard ${plural(hardCount, "time")}`]),
    ].join(" · ");
    const range = record.range(view.locate(ref));
    return [{ range, command: { title, command: SHOW_REFERENCES, arguments: [uri, range.start] } }];
  });
}

function demonstrationLenses(record: OpenRecord, { hard, lengths }: LensSources): CodeLens[] {
  const { view } = record;
  return view.reading.demonstrations.map((demonstration) => {
    const answer = answerText(demonstration);
    const { reward, reason } = rewardOf(answer, {
      id: demonstration.id ?? "",
      query: demonstration.query,
      tools: [],
      answer: callsOf(demonstration).map(({ name, arguments: values }): ToolCall => ({ name, arguments: values })),
    });
    const length = lengths.of(view.frame.origin.file, answer);
    const hardCount = demonstration.id === undefined ? undefined : hard.ofSample(demonstration.id);
    const title = [
      `reward ${reward}${reward === 1 ? "" : `: ${reason}`}`,
      ...(length === undefined ? [] : [lengthText(length)]),
      ...(hardCount === undefined || hardCount === 0 ? [] : [`hard ${plural(hardCount, "time")}`]),
    ].join(" · ");
    return {
      range: record.range(view.locate(demonstration.ref)),
      command: { title: withoutIcons(plain(title, 300)), command: "" },
    };
  });
}

const lengthText = ({ tokens, budget }: { tokens: number; budget: number | undefined }): string => {
  if (budget === undefined) return plural(tokens, "token");
  return `${tokens} of ${budget} tokens${tokens > budget ? ", too long" : ""}`;
};

/** What the policy would have to write: the text that stands there, or the calls in the form of the stock prompt. */
function answerText(demonstration: Sample): string {
  if (demonstration.answerText !== undefined) return demonstration.answerText.text;
  const completion = demonstration.extra?.completion;
  if (typeof completion === "string") return completion;
  return callsOf(demonstration)
    .map(({ name, arguments: values }) => `<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`)
    .join("\n");
}
