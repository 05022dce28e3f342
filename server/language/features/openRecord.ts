/** A record of an open document, with the way from its offsets to the editor's positions. */
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { Origin, TextRange } from "../analysis/scope.ts";
import type { TextPosition } from "../records/lines.ts";
import { Locator, type Span } from "../records/locate.ts";
import { RecordView } from "./recordView.ts";

export class OpenRecord {
  readonly analysis: DocumentAnalysis;
  /** Of its slot in the document. */
  readonly index: number;
  readonly view: RecordView;

  private constructor(analysis: DocumentAnalysis, index: number, text: string) {
    this.analysis = analysis;
    this.index = index;
    const { document } = analysis;
    const { limits, rules, scopeOf } = analysis.surroundings;
    const origin: Origin = {
      file: document.file,
      start: document.start(index),
      text: () => text,
      locate: (ref) => this.range(new Locator(() => text).locate(ref)),
    };
    this.view = new RecordView(text, {
      dialect: analysis.dialect,
      limits,
      rules,
      origin,
      scopeOf: (sample) => scopeOf(sample, document.file),
    });
  }

  /** Undefined for a blank line. */
  static of(analysis: DocumentAnalysis, index: number): OpenRecord | undefined {
    const slot = analysis.document.slot(index);
    return slot && new OpenRecord(analysis, index, slot.text);
  }

  /** The record at a position, and the position's offset in it. */
  static at(analysis: DocumentAnalysis, position: TextPosition): { record: OpenRecord; offset: number } | undefined {
    const found = analysis.document.at(position);
    const record = found && OpenRecord.of(analysis, found.index);
    return record && { record, offset: found.offset };
  }

  /** Records that a range of the document touches, at most `most` of them. */
  static *within(analysis: DocumentAnalysis, { start, end }: TextRange, most = Number.POSITIVE_INFINITY) {
    const { document } = analysis;
    let count = 0;
    for (let index = firstIndex(analysis, start); index < document.count; index++) {
      const begins = document.start(index);
      if (begins.line > end.line || (begins.line === end.line && begins.character > end.character)) break;
      const record = OpenRecord.of(analysis, index);
      if (record === undefined) continue;
      if (++count > most) break;
      yield record;
    }
  }

  range({ start, end }: Span): TextRange {
    const { document } = this.analysis;
    return { start: document.position(this.index, start), end: document.position(this.index, end) };
  }

  /** The part of the record that a range of the document covers. */
  span({ start, end }: TextRange): Span {
    const { document } = this.analysis;
    const offset = (position: TextPosition): number | undefined => {
      const found = document.at(position);
      return found?.index === this.index ? found.offset : undefined;
    };
    const [from, to] = [offset(start) ?? 0, offset(end) ?? this.view.text.length];
    return { start: Math.min(from, to), end: to };
  }
}

/** The last slot that begins at or before the position. */
function firstIndex({ document }: DocumentAnalysis, position: TextPosition): number {
  if (document.layout === "lines") return Math.min(position.line, document.count);
  let low = 0;
  let high = Math.max(0, document.count - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const { line, character } = document.start(middle);
    if (line < position.line || (line === position.line && character <= position.character)) low = middle;
    else high = middle - 1;
  }
  return low;
}
