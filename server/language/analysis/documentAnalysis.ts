/**
 * The findings of an open document, kept up to date through edits: a record that an edit does not touch keeps its analysis. Work
 * is done in slices, what was asked for first (changed and visible records) before the rest.
 */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import type { Reading, Sample } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import type { TextEdit } from "../records/lines.ts";
import { Locator } from "../records/locate.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { RecordDocument, type RecordSlot } from "../records/recordDocument.ts";
import type { RecordLimits } from "../records/scan.ts";
import { analyzeAcross, analyzeRecord } from "./analyzeRecord.ts";
import { FACT_KINDS, type FactIndex, type RecordFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { RuleSet } from "./ruleSet.ts";
import type { Origin, TextRange, ToolScope } from "./scope.ts";

/** What the analysis needs from outside the document. */
export interface Surroundings {
  rules: RuleSet;
  limits: RecordLimits;
  facts: FactIndex;
  /** In place of the detected dialect. */
  dialect?: Dialect;
  scopeOf(sample: Sample, file: string): ToolScope;
}

interface Known {
  findings: Finding[];
  facts: RecordFacts;
  origin: SlotOrigin;
  /** Undefined where other records have changed what it means. */
  across: Finding[] | undefined;
  forget(): void;
}

export interface DocumentFindings {
  findings: { finding: Finding; range: TextRange }[];
  /** How many there are, those beyond the cap included. */
  total: number;
  /** Records that have not been looked at yet. */
  pending: number;
}

/** Records that decide which dialect a document is of. */
const SAMPLED = 20;
/** Records between two looks at the clock. */
const STRIDE = 16;

export class DocumentAnalysis {
  readonly document: RecordDocument;
  #surroundings: Surroundings;
  #dialect: Dialect | undefined;
  readonly #known = new Map<RecordSlot, Known>();
  /** Slots to look at before all others. */
  #first: RecordSlot[] = [];
  /** Where the sweep over the rest goes on. */
  #next = 0;
  /** Keys of facts that were added or taken back since findings were last asked for. */
  readonly #touched = new Set<string>();
  #unsubscribe: () => void;

  constructor(file: string, text: string, surroundings: Surroundings) {
    this.document = new RecordDocument(file, text);
    this.#surroundings = surroundings;
    this.#dialect = surroundings.dialect ?? this.#detect();
    this.#unsubscribe = surroundings.facts.onChange((key) => this.#touched.add(key));
  }

  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /** For features that look at one place. */
  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  apply(edit: TextEdit): void {
    const { from, removed, added } = this.document.apply(edit);
    const gone = new Set(removed);
    for (const slot of gone) if (slot !== undefined) this.#forget(slot);
    const waiting = this.#first.filter((slot) => !gone.has(slot));
    this.#first = [...added.filter((slot) => slot !== undefined), ...waiting];
    // All before `#next` is known or waits in `#first`; the edit has moved what is behind it.
    if (from < this.#next) this.#next = Math.max(from, this.#next + added.length - removed.length);
    this.#dialect ??= this.#surroundings.dialect ?? this.#detect();
  }

  /** Lines that are on the screen come first. */
  show(firstLine: number, lastLine: number): void {
    const first = this.document.at({ line: firstLine, character: 0 })?.index ?? firstLine;
    const last = this.document.at({ line: lastLine, character: 0 })?.index ?? lastLine;
    this.#first.push(...this.#slots(first, last + 1));
  }

  /** Everything is looked at again: rules, tools or other files have changed. */
  invalidate(surroundings: Surroundings): void {
    this.close();
    this.#surroundings = surroundings;
    this.#dialect = surroundings.dialect ?? this.#detect();
    this.#unsubscribe = surroundings.facts.onChange((key) => this.#touched.add(key));
  }

  /** Takes what the document said about itself out of the index. */
  close(): void {
    for (const slot of [...this.#known.keys()]) this.#forget(slot);
    this.#next = 0;
    this.#unsubscribe();
  }

  /** Works for about the given time, in milliseconds. True when nothing is left to do. */
  advance(budget: number): boolean {
    const deadline = performance.now() + budget;
    for (let slot = this.#first.shift(); slot !== undefined; slot = this.#first.shift()) {
      this.#analyze(slot);
      if (performance.now() > deadline) return false;
    }
    for (let count = 1; this.#next < this.document.count; count++) {
      const slot = this.document.slot(this.#next++);
      if (slot !== undefined) this.#analyze(slot);
      if (count % STRIDE === 0 && performance.now() > deadline) return this.#next >= this.document.count;
    }
    return true;
  }

  /** In document order, at most `cap` of them; what records say of each other included. */
  findings(cap: number): DocumentFindings {
    const result: DocumentFindings = { findings: [], total: 0, pending: 0 };
    this.#staleAcross();
    for (let index = 0; index < this.document.count; index++) {
      const slot = this.document.slot(index);
      if (slot === undefined) continue;
      const known = this.#known.get(slot);
      if (known === undefined) {
        result.pending++;
        continue;
      }
      known.origin.index = index;
      const found = [...known.findings, ...this.#across(known)];
      result.total += found.length;
      for (const finding of found.slice(0, Math.max(0, cap - result.findings.length))) {
        const { start, end } = finding.span;
        result.findings.push({
          finding,
          range: { start: this.document.position(index, start), end: this.document.position(index, end) },
        });
      }
    }
    return result;
  }

  /** The record's value as its dialect reads it, for features that look at one place. */
  read(slot: RecordSlot, root: Ref): Reading | undefined {
    const record = ParsedRecord.parse(slot.text, this.#surroundings.limits);
    return record.fault === undefined ? this.#dialect?.read(record.value, root) : undefined;
  }

  #staleAcross(): void {
    const { facts } = this.#surroundings;
    for (const key of this.#touched) {
      for (const kind of FACT_KINDS) {
        for (const { origin } of facts.of(kind, key)) {
          const known = origin instanceof SlotOrigin ? this.#known.get(origin.slot) : undefined;
          if (known !== undefined) known.across = undefined;
        }
      }
    }
    this.#touched.clear();
  }

  #across(known: Known): Finding[] {
    known.across ??= this.#lookAcross(known);
    return known.across;
  }

  #lookAcross({ facts, origin }: Known): Finding[] {
    if (facts.facts.length === 0) return [];
    const locator = new Locator(() => origin.slot.text);
    return analyzeAcross(
      { locator, dialect: this.#dialect, origin, rules: this.#surroundings.rules },
      facts,
      this.#surroundings.facts,
    );
  }

  #analyze(slot: RecordSlot): void {
    if (this.#known.has(slot)) return;
    const { rules, limits, facts: index, scopeOf } = this.#surroundings;
    const record = ParsedRecord.parse(slot.text, limits);
    const origin = new SlotOrigin(this.document, slot, this.#next - 1);
    const input = {
      record,
      dialect: this.#dialect,
      origin,
      rules,
      scopeOf: (sample: Sample) => scopeOf(sample, this.document.file),
    };
    const { findings, facts } = analyzeRecord(input);
    this.#known.set(slot, { findings, facts, origin, across: undefined, forget: index.add(origin, facts) });
  }

  #forget(slot: RecordSlot): void {
    this.#known.get(slot)?.forget();
    this.#known.delete(slot);
  }

  #slots(from: number, to: number): RecordSlot[] {
    const slots: RecordSlot[] = [];
    for (let index = Math.max(0, from); index < Math.min(to, this.document.count); index++) {
      const slot = this.document.slot(index);
      if (slot !== undefined) slots.push(slot);
    }
    return slots;
  }

  #detect(): Dialect | undefined {
    const slots = this.#slots(0, 2 * SAMPLED).slice(0, SAMPLED);
    return detectDialect(
      slots
        .map(({ text }) => ParsedRecord.parse(text, this.#surroundings.limits))
        .filter(({ fault }) => fault === undefined)
        .map(({ value }) => value),
    );
  }
}

/** A record of an open document, wherever edits have moved it. */
class SlotOrigin implements Origin {
  readonly slot: RecordSlot;
  readonly #document: RecordDocument;
  /** Where it was last seen. */
  index: number;

  constructor(document: RecordDocument, slot: RecordSlot, index: number) {
    this.#document = document;
    this.slot = slot;
    this.index = index;
  }

  get file(): string {
    return this.#document.file;
  }

  get start() {
    return this.#document.start(this.#find());
  }

  locate(ref: Ref): TextRange {
    const index = this.#find();
    const { start, end } = new Locator(() => this.slot.text).locate(ref);
    return { start: this.#document.position(index, start), end: this.#document.position(index, end) };
  }

  /** Edits move records by a few places, so the search goes outwards from where it was. */
  #find(): number {
    const { count } = this.#document;
    for (let distance = 0; distance < count; distance++) {
      for (const index of [this.index - distance, this.index + distance]) {
        if (this.#document.slot(index) !== this.slot) continue;
        this.index = index;
        return index;
      }
    }
    return this.index;
  }
}
