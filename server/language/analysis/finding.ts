/** One thing that is wrong, or worth knowing, at one place of a record. */
import { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Locator, Span } from "../records/locate.ts";
import type { FindingData, Related, Severity } from "../rules/rule.ts";

export interface Finding {
  /** Id of the rule. */
  rule: string;
  severity: Severity;
  message: string;
  /** In the record's text, so that it holds wherever the record moves. */
  readonly span: Span;
  related: readonly Related[];
  data: FindingData | undefined;
}

/** A finding whose place is looked for when it is first shown: of a file with fifty thousand, few ever are. */
export class RecordFinding implements Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly Related[];
  readonly data: FindingData | undefined;
  #place: Span | Ref;
  #locator: Locator | undefined;

  constructor(finding: Omit<Finding, "span">, place: Span | Ref, locator: Locator) {
    this.rule = finding.rule;
    this.severity = finding.severity;
    this.message = finding.message;
    this.related = finding.related;
    this.data = finding.data;
    this.#place = place;
    this.#locator = place instanceof Ref ? locator : undefined;
  }

  get span(): Span {
    if (this.#place instanceof Ref) {
      this.#place = this.#locator?.locate(this.#place) ?? { start: 0, end: 0 };
      this.#locator = undefined;
    }
    return this.#place;
  }
}
