/** The conversation with the process that checks a large file: one request, then what it has found. Checked on both ends. */
import { type Static, Type } from "@sinclair/typebox";

const Count = Type.Integer({ minimum: 0 });
const Position = Type.Object({ line: Count, character: Count });
const Range = Type.Object({ start: Position, end: Position });

export const CheckRequest = Type.Object({
  /** Absolute path. */
  file: Type.String({ minLength: 1 }),
  /** The settings of the language server, as the editor has them. */
  settings: Type.Unknown(),
});
export type CheckRequest = Static<typeof CheckRequest>;

/** A range of the file that is shown as a document of its own. */
export const Page = Type.Object({ start: Count, end: Count, position: Position, lastLine: Count });
export type Page = Static<typeof Page>;

const RelatedPlace = Type.Object({
  message: Type.String(),
  /** Of the file that is checked; else the place is in `file`. */
  page: Type.Optional(Count),
  file: Type.String(),
  range: Range,
});

export const PageFinding = Type.Object({
  page: Count,
  /** On the page. */
  range: Range,
  /** In the file, from 0. */
  line: Count,
  severity: Type.Union([
    Type.Literal("error"),
    Type.Literal("warning"),
    Type.Literal("information"),
    Type.Literal("hint"),
  ]),
  rule: Type.String(),
  message: Type.String(),
  related: Type.Array(RelatedPlace),
});
export type PageFinding = Static<typeof PageFinding>;

export const CheckSummary = Type.Object({
  /** Tells whether the file is still what was checked. */
  stamp: Type.String(),
  records: Count,
  /** Findings by severity, those that are not shown included. */
  counts: Type.Object({ error: Count, warning: Count, information: Count, hint: Count }),
  /** Records that were not compared with others, because too many came before them. */
  uncompared: Count,
});
export type CheckSummary = Static<typeof CheckSummary>;

export const CheckMessage = Type.Union([
  Type.Object({ kind: Type.Literal("progress"), done: Type.Number({ minimum: 0, maximum: 1 }) }),
  Type.Object({ kind: Type.Literal("pages"), pages: Type.Array(Page) }),
  Type.Object({ kind: Type.Literal("findings"), findings: Type.Array(PageFinding) }),
  Type.Object({ kind: Type.Literal("done"), summary: CheckSummary }),
  /** The file is at fault, not the program. */
  Type.Object({ kind: Type.Literal("refused"), sentence: Type.String() }),
]);
export type CheckMessage = Static<typeof CheckMessage>;
