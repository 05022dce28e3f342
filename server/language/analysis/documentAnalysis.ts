/**
 * The findings of an open document, kept up to date through edits: a record that an edit does not touch keeps its analysis. Work
 * is done in slices: what was asked for first (changed and visible records), then the rest, then what records say of each other.
 * Until a record is looked at anew, what was found in it before stays.
 */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import type { Reading, Sample } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import type { TextEdit } from "../records/lines.ts";
import { Locator } from "../records/locate.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { RecordDocument, type RecordSlot } from "../records/recordDocument.ts";
import { SAMPLED } from "../records/sampled.ts";
import type { RecordLimits } from "../records/scan.ts";
import { analyzeAcross, analyzeRecord } from "./analyzeRecord.ts";
import { FACT_KINDS, type FactIndex } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { KnownRecord } from "./knownRecord.ts";
import type { RuleSet } from "./ruleSet.ts";
import { ScopedTool, type TextRange, type ToolScope } from "./scope.ts";

/** What the analysis needs from outside the document. */
export interface Surroundings {
  rules: RuleSet;
  limits: RecordLimits;
  facts: FactIndex;
  /** In place of the detected dialect. */
  dialect?: Dialect;
  scopeOf(sample: Sample, file: string): ToolScope;
}

/** What has changed outside: the tools that samples may call, what records mean to each other, or anything at all. */
export type Change = "tools" | "across" | "all";

export interface DocumentFindings {
  findings: { finding: Finding; range: TextRange }[];
  /** How many there are, those beyond the cap included. */
  total: number;
  /** Records that have not been looked at yet. */
  pending: number;
}

/** Text between two looks at the clock, UTF-16 units. */
const STRIDE = 8192;

export class DocumentAnalysis {
  readonly document: RecordDocument;
  #surroundings: Surroundings;
  #dialect: Dialect | undefined;
  /** One for each slot of the document, undefined for blank lines. */
  #records: (KnownRecord | undefined)[];
  /** Records to look at before all others. */
  #first = new Set<KnownRecord>();
  #visible = { first: 0, last: -1 };
  /** Where the sweep over the rest goes on, and the one that compares records. */
  #next = 0;
  #nextAcross = 0;
  /** Records behind that sweep to compare again. */
  readonly #again = new Set<KnownRecord>();
  /** Keys of facts that were added or taken back since records were last compared. */
  readonly #touched = new Set<string>();
  readonly #unsubscribe: () => void;
  #toolVersion = 0;

  constructor(file: string, text: string, surroundings: Surroundings) {
    this.document = new RecordDocument(file, text);
    this.#surroundings = surroundings;
    this.#records = Array.from({ length: this.document.count }, (_, index) =>
      this.#recordOf(this.document.slot(index), index),
    );
    this.#dialect = surroundings.dialect ?? this.#detect();
    this.#unsubscribe = surroundings.facts.onChange((key) => this.#touched.add(key));
  }

  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /** What the dialect would be if none were chosen. */
  detectedDialect(): Dialect | undefined {
    return this.#surroundings.dialect === undefined ? this.#dialect : this.#detect();
  }

  /** For features that look at one place. */
  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  apply(edit: TextEdit): void {
    const { from, removed, added } = this.document.apply(edit);
    const isOther = from === 0 && removed.length >= Math.min(this.#records.length, 2 * SAMPLED);
    for (const record of this.#records.slice(from, from + removed.length)) if (record !== undefined) this.#drop(record);
    const fresh = added.map((slot, position) => this.#recordOf(slot, from + position));
    if (fresh.length > 10_000) {
      this.#records = [...this.#records.slice(0, from), ...fresh, ...this.#records.slice(from + removed.length)];
    } else this.#records.splice(from, removed.length, ...fresh);
    this.#first = new Set([...fresh.filter((record) => record !== undefined), ...this.#first]);
    // What is before a sweep has been swept or waits in one of the sets; the edit has moved what is behind it.
    const moved = added.length - removed.length;
    if (from < this.#next) this.#next = Math.max(from, this.#next + moved);
    if (from < this.#nextAcross) this.#nextAcross = Math.max(from, this.#nextAcross + moved);
    if (this.#dialect === undefined || isOther) this.#redetect();
  }

  /** Nothing is left of what told the dialect: what stands there now may be of another. */
  #redetect(): void {
    const dialect = this.#surroundings.dialect ?? this.#detect();
    if (dialect === undefined || dialect === this.#dialect) return;
    this.#dialect = dialect;
    this.#lookAgain("all");
  }

  /** Lines that are on the screen come first. */
  show(firstLine: number, lastLine: number): void {
    const first = this.document.at({ line: firstLine, character: 0 })?.index ?? firstLine;
    const last = this.document.at({ line: lastLine, character: 0 })?.index ?? lastLine;
    this.#visible = { first, last };
    this.#showFirst();
  }

  /** Looks again at what may have changed; findings stay until then. */
  invalidate(surroundings: Surroundings, change: Change = "all"): void {
    const detected = this.#surroundings.dialect === undefined ? this.#dialect : undefined;
    this.#surroundings = surroundings;
    const dialect = surroundings.dialect ?? detected ?? this.#detect();
    const isOther = dialect !== this.#dialect;
    this.#dialect = dialect;
    this.#lookAgain(isOther ? "all" : change);
  }

  #lookAgain(change: Change): void {
    for (const record of this.#records) {
      if (record === undefined) continue;
      record.across = undefined;
      const changed = change === "all" || (change === "tools" && record.usesTools);
      if (record.state === "known" && changed) record.state = "stale";
    }
    this.#nextAcross = 0;
    if (change !== "across") this.#next = 0;
    this.#showFirst();
  }

  /** Takes what the document said about itself out of the index. */
  close(): void {
    for (const record of this.#records) if (record !== undefined) this.#drop(record);
    this.#records = [];
    this.#first.clear();
    this.#unsubscribe();
  }

  /** Works for about the given time, in milliseconds. True when nothing is left to do. */
  advance(budget: number): boolean {
    const deadline = performance.now() + budget;
    for (const record of this.#first) {
      this.#first.delete(record);
      this.#analyze(record);
      this.#compare(record);
      if (performance.now() > deadline) return false;
    }
    let read = 0;
    for (; this.#next < this.#records.length; this.#next++) {
      const record = this.#records[this.#next];
      if (record === undefined || !this.#analyze(record)) continue;
      read += record.slot.text.length;
      if (read < STRIDE) continue;
      read = 0;
      if (performance.now() > deadline) return false;
    }
    return this.#compareRest(deadline);
  }

  /** In document order, at most `cap` of them; what records say of each other included. */
  findings(cap: number): DocumentFindings {
    const result: DocumentFindings = { findings: [], total: 0, pending: 0 };
    for (const [index, record] of this.#records.entries()) {
      if (record === undefined) continue;
      record.index = index;
      if (record.state === "new") result.pending++;
      const across = record.across?.length ?? 0;
      if (record.findings.length + across === 0) continue;
      result.total += record.findings.length + across;
      if (result.findings.length < cap) this.#place(record, cap, result);
    }
    return result;
  }

  /** The record's value as its dialect reads it, for features that look at one place. */
  read(slot: RecordSlot, root: Ref): Reading | undefined {
    const record = ParsedRecord.parse(slot.text, this.#surroundings.limits);
    return record.fault === undefined ? this.#dialect?.read(record.value, root) : undefined;
  }

  /** Whether nothing is left to do. */
  get idle(): boolean {
    const swept = this.#next >= this.#records.length && this.#nextAcross >= this.#records.length;
    return swept && this.#first.size + this.#again.size + this.#touched.size === 0;
  }

  /** Another number after every change of the tools that it defines. */
  get toolVersion(): number {
    return this.#toolVersion;
  }

  /** What the document defines for the samples of others, as far as it has been read; in document order. */
  tools(): ScopedTool[] {
    return this.#records.flatMap((record) => record?.tools ?? []);
  }

  #place(record: KnownRecord, cap: number, { findings }: DocumentFindings): void {
    for (const list of [record.findings, record.across ?? []]) {
      for (const finding of list) {
        if (findings.length >= cap) return;
        const { start, end } = finding.span;
        const { index } = record;
        const range = { start: this.document.position(index, start), end: this.document.position(index, end) };
        findings.push({ finding, range });
      }
    }
  }

  /** False where nothing had to be done. */
  #analyze(record: KnownRecord): boolean {
    if (record.state === "known" || record.state === "gone") return false;
    const { rules, limits, facts: index, scopeOf } = this.#surroundings;
    let usesTools = false;
    const { findings, facts, reading } = analyzeRecord({
      record: ParsedRecord.parse(record.slot.text, limits),
      dialect: this.#dialect,
      origin: record,
      rules,
      scopeOf: (sample) => {
        usesTools = true;
        return scopeOf(sample, this.document.file);
      },
    });
    index.remove(record.facts);
    index.add(record, facts);
    record.findings = findings;
    record.facts = facts;
    record.usesTools = usesTools;
    if (reading.tools.length + record.tools.length > 0) this.#toolVersion++;
    record.tools = reading.tools.map((tool) => new ScopedTool(tool, record));
    record.across = undefined;
    record.state = "known";
    return true;
  }

  #compareRest(deadline: number): boolean {
    this.#findTouched();
    let count = 0;
    const late = (): boolean => ++count % 64 === 0 && performance.now() > deadline;
    for (; this.#nextAcross < this.#records.length; this.#nextAcross++) {
      const record = this.#records[this.#nextAcross];
      if (record !== undefined && this.#compare(record) && late()) return false;
    }
    for (const record of this.#again) {
      this.#again.delete(record);
      if (this.#compare(record) && late()) return false;
    }
    return true;
  }

  /** False where nothing had to be done. */
  #compare(record: KnownRecord): boolean {
    if (record.across !== undefined || record.state === "gone") return false;
    const locator = new Locator(() => record.slot.text);
    const { rules, facts } = this.#surroundings;
    const input = { locator, dialect: this.#dialect, origin: record, rules };
    record.across = record.facts.facts.length === 0 ? [] : analyzeAcross(input, record.facts, facts);
    return true;
  }

  /** Records that say something under a key about which others now say more or less. */
  #findTouched(): void {
    for (const key of this.#touched) {
      for (const kind of FACT_KINDS) {
        for (const { origin } of this.#surroundings.facts.of(kind, key)) {
          if (!(origin instanceof KnownRecord) || origin.file !== this.document.file) continue;
          origin.across = undefined;
          this.#again.add(origin);
        }
      }
    }
    this.#touched.clear();
  }

  #drop(record: KnownRecord): void {
    this.#surroundings.facts.remove(record.facts);
    record.state = "gone";
    if (record.tools.length > 0) this.#toolVersion++;
    this.#first.delete(record);
    this.#again.delete(record);
  }

  #recordOf(slot: RecordSlot | undefined, index: number): KnownRecord | undefined {
    return slot === undefined ? undefined : new KnownRecord(this.document, slot, index);
  }

  #showFirst(): void {
    const { first, last } = this.#visible;
    for (const record of this.#records.slice(Math.max(0, first), Math.max(0, last + 1)))
      if (record !== undefined) this.#first.add(record);
  }

  #detect(): Dialect | undefined {
    const read = this.#records
      .slice(0, 2 * SAMPLED)
      .filter((record) => record !== undefined)
      .slice(0, SAMPLED)
      .map(({ slot }) => ParsedRecord.parse(slot.text, this.#surroundings.limits));
    return detectDialect(read.filter(({ fault }) => fault === undefined).map(({ value }) => value));
  }
}
