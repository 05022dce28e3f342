/** One thing that is wrong, or worth knowing, at one place of a record. */

import type { Span } from "../records/locate.ts";
import type { FindingData, Related, Severity } from "../rules/rule.ts";

export interface Finding {
  /** Id of the rule. */
  rule: string;
  severity: Severity;
  message: string;
  /** In the record's text, so that it holds wherever the record moves. */
  span: Span;
  related: readonly Related[];
  data: FindingData | undefined;
}
