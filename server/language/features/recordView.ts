/** One record as features look at it: read by its dialect, with its tools, and checked again as often as a fix is tried. */
import { parse } from "jsonc-parser";
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import {
  type Call,
  callsOf,
  emptyReading,
  type Reading,
  type Sample,
  type Tool,
} from "../../toolcalls/dialects/model.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { analyzeRecord, scopeOf } from "../analysis/analyzeRecord.ts";
import type { Finding } from "../analysis/finding.ts";
import type { RuleSet } from "../analysis/ruleSet.ts";
import type { Origin, ToolScope } from "../analysis/scope.ts";
import type { Span } from "../records/locate.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import type { RecordLimits } from "../records/scan.ts";

/** What a record's file and workspace say about it. */
export interface RecordFrame {
  dialect: Dialect | undefined;
  limits: RecordLimits;
  rules: RuleSet;
  origin: Origin;
  /** Tools of a sample whose record does not define its own. */
  scopeOf(sample: Sample): ToolScope;
}

export interface PlacedCall {
  call: Call;
  sample: Sample;
  /** Whether it stands in a demonstration, also one inside a sample. */
  demonstrated: boolean;
}

export class RecordView {
  readonly frame: RecordFrame;
  readonly record: ParsedRecord;
  readonly value: unknown;
  readonly reading: Reading;

  /** @param whileTyped reads what can be read of a record that is not JSON yet; places of it are then found by TextLevel */
  constructor(text: string, frame: RecordFrame, { whileTyped = false } = {}) {
    this.frame = frame;
    this.record = ParsedRecord.parse(text, frame.limits);
    const { fault } = this.record;
    this.value = fault?.kind === "syntax" && whileTyped ? readLoosely(text) : this.record.value;
    this.reading = frame.dialect?.read(this.value, Ref.root) ?? emptyReading();
  }

  get text(): string {
    return this.record.text;
  }

  locate(ref: Ref): Span {
    return this.record.locator.locate(ref);
  }

  /** Of the record, then those inside its samples. */
  tools(): Tool[] {
    const own = this.samples().flatMap(({ sample: { offer } }) => (offer.kind === "own" ? offer.tools : []));
    return [...this.reading.tools, ...own];
  }

  samples(): { sample: Sample; demonstrated: boolean }[] {
    const inside = (sample: Sample) => sample.demonstrations.map((one) => ({ sample: one, demonstrated: true }));
    return [
      ...this.reading.samples.flatMap((sample) => [{ sample, demonstrated: false }, ...inside(sample)]),
      ...this.reading.demonstrations.flatMap((sample) => [{ sample, demonstrated: true }, ...inside(sample)]),
    ];
  }

  calls(): PlacedCall[] {
    return this.samples().flatMap(({ sample, demonstrated }) =>
      callsOf(sample).map((call) => ({ call, sample, demonstrated })),
    );
  }

  scopeOf(sample: Sample): ToolScope {
    return scopeOf(sample, this.frame);
  }

  /** What is wrong with the record alone. */
  findings(): Finding[] {
    return analyzeRecord({ record: this.record, ...this.frame }).findings;
  }

  /** The same record with another text. */
  with(text: string): RecordView {
    return new RecordView(text, this.frame);
  }
}

/** The scan has bounded the nesting, so that reading cannot overflow the stack. */
const readLoosely = (text: string): unknown => parse(text, [], { allowTrailingComma: true });
