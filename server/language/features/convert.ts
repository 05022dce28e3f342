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
  const written = new Conversion(target);
  const tools: Tool[] = [];
  for (let index = 0; index < analysis.document.count; index++) {
    const record = OpenRecord.of(analysis, index);
    if (record === undefined) continue;
    const { view } = record;
    if (view.record.fault !== undefined)
      written.say(`Line ${record.range({ start: 0, end: 0 }).start.line + 1} is not JSON.`);
    for (const { sentence } of view.reading.unreadable) written.say(sentence);
    tools.push(...view.reading.tools);
    for (const sample of [...view.reading.samples, ...view.reading.demonstrations])
      written.addSample(withTools(view, sample));
  }
  const toolsAlone = tools.length > 0 && written.isEmpty;
  if (toolsAlone && target.writeTools !== undefined) written.add(target.writeTools(tools));
  else for (const tool of tools) written.addTool(tool);
  return { text: written.text(toolsAlone ? catalogLayout(analysis, target) : target.layout), lost: written.lost };
}

/** A file of tools alone is a document of its dialect, or a list; on lines only where it was on lines before. */
function catalogLayout({ document }: DocumentAnalysis, { layout, writeTools }: Dialect): Dialect["layout"] {
  if (writeTools !== undefined) return "document";
  return document.layout === "lines" ? layout : "array";
}

/** A sample that only names its tools gets their definitions, for dialects that keep them in the record. */
function withTools(view: RecordView, sample: Sample): Sample {
  if (sample.offer.kind !== "named") return sample;
  const scope = view.scopeOf(sample);
  const tools = sample.offer.names.map(({ name }) => scope.find(name)?.tool);
  return tools.every((tool) => tool !== undefined) ? { ...sample, offer: { kind: "own", tools } } : sample;
}

class Conversion {
  readonly #target: Dialect;
  readonly #values: unknown[] = [];
  readonly #lost = new Map<string, number>();

  constructor(target: Dialect) {
    this.#target = target;
  }

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  get lost(): string[] {
    return [...this.#lost]
      .sort(([, left], [, right]) => right - left)
      .map(([sentence, count]) => (count > 1 ? `${sentence} (${count} times)` : sentence));
  }

  say(sentence: string): void {
    this.#lost.set(sentence, (this.#lost.get(sentence) ?? 0) + 1);
  }

  add({ value, lost }: Written): void {
    this.#values.push(value);
    for (const sentence of lost) this.say(sentence);
  }

  addSample(sample: Sample): void {
    const { writeSample, title } = this.#target;
    if (sample.uses !== undefined)
      this.say("Calls without an answer that is made of them are no sample; they are left out.");
    else if (writeSample === undefined) this.say(`${title} has no samples.`);
    else this.add(writeSample(sample));
  }

  addTool(tool: Tool): void {
    const { writeTool, title } = this.#target;
    if (writeTool === undefined) this.say(`${title} has no lists of tools.`);
    else this.add(writeTool(tool));
  }

  text(layout: Dialect["layout"]): string {
    if (this.isEmpty) return "";
    if (layout === "document" && this.#values.length === 1) return `${JSON.stringify(this.#values[0], undefined, 2)}\n`;
    const records = this.#values.map((value) => JSON.stringify(value));
    if (layout === "lines") return `${records.join("\n")}\n`;
    return `[\n${records.map((record) => `  ${record}`).join(",\n")}\n]\n`;
  }
}
