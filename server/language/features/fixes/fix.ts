/** A change that mends one finding of a rule. */
import type { Ref } from "../../../toolcalls/dialects/ref.ts";
import type { Finding } from "../../analysis/finding.ts";
import type { Span } from "../../records/locate.ts";
import type { RecordEdit } from "../recordEdits.ts";
import type { RecordView } from "../recordView.ts";

export interface Fix {
  /** Where the finding stands that it mends: a part of its place, or all of it. */
  place: Ref | Span;
  /** What it does, as an editor's menu says it. */
  title: string;
  edits: readonly RecordEdit[];
}

/** All fixes of one rule in a record. Whether they help is found out by trying them (`tried.ts`). */
export interface Fixer {
  rule: string;
  /** Beginning of the rules that can only look at the record once this one has nothing to say. */
  uncovers?: string;
  /** Rules whose sentences quote what this one changes, so that the same complaint reads differently afterwards. */
  rewords?: readonly string[];
  fixes(view: RecordView, findings: readonly Finding[]): Fix[];
}

/** A fix for each edit that could be made. */
export const fixes = (place: Ref | Span, offered: readonly [title: string, edit: RecordEdit | undefined][]): Fix[] =>
  offered.flatMap(([title, edit]) => (edit === undefined ? [] : [{ place, title, edits: [edit] }]));
