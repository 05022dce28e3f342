/** A rule: one fault that a file may have, and everything there is to say about it. Each rule is one file. */
import type { Dialect, Severity } from "../../toolcalls/dialects/dialect.ts";
import type { Reading, Sample, Tool } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import type { CheckedCall } from "../analysis/checkedCall.ts";
import type { FactIndex, RecordFacts } from "../analysis/facts.ts";
import type { ProfileId } from "../analysis/profiles.ts";
import type { SchemaNode } from "../analysis/schemaNodes.ts";
import type { Origin, ScopedTool, ToolScope } from "../analysis/scope.ts";
import type { Span } from "../records/locate.ts";
import type { ParsedRecord } from "../records/parsedRecord.ts";

export type { Severity } from "../../toolcalls/dialects/dialect.ts";

export interface RuleDocumentation {
  /** One paragraph: what is wrong, why it matters, what to do. */
  text: string;
  /** As they stand in a file. */
  bad: string;
  good: string;
}

/** What a rule is asked about. A rule answers for one or several of these. */
export interface Rule {
  /** Stable: people write it into settings and commits. Lower case with hyphens. */
  id: string;
  severity: Severity;
  /** A few words, for lists. */
  title: string;
  documentation: RuleDocumentation;
  /** Asked only where one of these profiles is chosen. */
  profiles?: readonly ProfileId[];
  /** Every record, also one that cannot be parsed; then the reading is empty. */
  record?(record: ParsedRecord, reading: Reading, context: RuleContext): void;
  /** Every tool a record defines. */
  tool?(tool: Tool, context: RuleContext): void;
  /** Every schema inside a tool's parameters, the outermost included. */
  schema?(node: SchemaNode, context: RuleContext): void;
  /** Every call of samples and demonstrations. */
  call?(call: CheckedCall, context: RuleContext): void;
  /** Every sample and demonstration. */
  sample?(sample: Sample, scope: ToolScope, context: RuleContext): void;
  /** Every record again, against what all records of the workspace say; asked anew when those change. */
  across?(facts: RecordFacts, index: FactIndex, context: RuleContext): void;
}

/** What a fix or another reader needs to know beyond the message; plain JSON, since it travels to the editor and back. */
export type FindingData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface Related {
  message: string;
  origin: Origin;
  /** Where in the origin's record. */
  ref: Ref;
}

export interface ReportOptions {
  related?: Related[];
  data?: FindingData;
  /** In place of the rule's own severity, where a case of it is milder. Settings still override it. */
  severity?: Severity;
}

export interface RuleContext {
  readonly dialect: Dialect;
  /** Providers that a person has chosen to please. */
  readonly profiles: ReadonlySet<ProfileId>;
  /** Where the record is: for relatedInformation that points into it. */
  readonly origin: Origin;
  /** A finding at a place of the record. The message is one or two plain sentences; text from files in it goes through `plain`. */
  report(place: Ref | Span, message: string, options?: ReportOptions): void;
}

/** "defined here", pointing at a tool's name. */
export function definitionOf({ tool, origin }: ScopedTool): Related {
  return { message: "The tool is defined here.", origin, ref: tool.nameRef };
}
