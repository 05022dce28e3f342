/** A file in another dialect: its text, and a sentence for everything that the other dialect cannot hold. */
import type { Dialect, Written } from "../../toolcalls/dialects/dialect.ts";
import type { Sample, Tool } from "../../toolcalls/dialects/model.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import { OpenRecord } from "./openRecord.ts";
import type { RecordView } from "./recordView.ts";

export interface Converted {
  text: string;
  /** What is lost, most frequent first. */
  lost: string[];
}

export function convert(analysis: DocumentAnalysis, target: Dialect): Converted {
  const values: unknown[] = [];
  const tools: Tool[] = [];
  const lost = new Map<string, number>();
  const say = (sentence: string): void => void lost.set(sentence, (lost.get(sentence) ?? 0) + 1);
  const keep = ({ value, lost: sentences }: Written): void => {
    values.push(value);
    for (const sentence of sentences) say(sentence);
  };
  for (let index = 0; index < analysis.document.count; index++) {
    const record = OpenRecord.of(analysis, index);
    if (record === undefined) continue;
    const { view } = record;
    if (view.record.fault !== undefined) say(`Line ${record.range({ start: 0, end: 0 }).start.line + 1} is not JSON.`);
    for (const { sentence } of view.reading.unreadable) say(sentence);
    tools.push(...view.reading.tools);
    for (const sample of [...view.reading.samples, ...view.reading.demonstrations]) {
      if (target.writeSample === undefined) say(`${target.title} has no samples.`);
      else keep(target.writeSample(withTools(view, sample)));
    }
  }
  if (tools.length > 0) for (const written of toolValues(target, tools, say)) keep(written);
  return { text: laidOut(values, target, tools.length > 0 && values.length === 1), lost: sentences(lost) };
}

/** A sample that only names its tools gets their definitions, for dialects that keep them in the record. */
function withTools(view: RecordView, sample: Sample): Sample {
  if (sample.offer.kind !== "named") return sample;
  const scope = view.scopeOf(sample);
  const tools = sample.offer.names.map(({ name }) => scope.find(name)?.tool);
  return tools.every((tool) => tool !== undefined) ? { ...sample, offer: { kind: "own", tools } } : sample;
}

function toolValues(target: Dialect, tools: readonly Tool[], say: (sentence: string) => void): Written[] {
  if (target.writeTools !== undefined) {
    const { value, lost } = target.writeTools(tools);
    for (const sentence of lost) say(sentence);
    return Array.isArray(value) ? value.map((one: unknown) => ({ value: one, lost: [] })) : [{ value, lost: [] }];
  }
  if (target.writeTool !== undefined) return tools.map(target.writeTool);
  say(`${target.title} has no lists of tools.`);
  return [];
}

function laidOut(values: readonly unknown[], { layout, writeTools }: Dialect, isDocument: boolean): string {
  const records = values.map((value) => JSON.stringify(value));
  if (records.length === 0) return "";
  if (isDocument && (layout === "document" || writeTools !== undefined))
    return `${JSON.stringify(values[0], undefined, 2)}\n`;
  if (layout === "lines") return `${records.join("\n")}\n`;
  return `[\n${records.map((record) => `  ${record}`).join(",\n")}\n]\n`;
}

function sentences(lost: ReadonlyMap<string, number>): string[] {
  return [...lost]
    .sort(([, left], [, right]) => right - left)
    .map(([sentence, count]) => (count > 1 ? `${sentence} (${count} times)` : sentence));
}
