/**
 * The conversation between the replacement editor's view and the extension host. The text of the file is the one state:
 * the view shows what a reading of it says (`reading`), and asks for changes of the text (`edit`), each made for the
 * version that the view has seen. Values go as JSON text, so that no number loses a digit on its way.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { type TryHostMessage, type TryViewMessage, tryHostMessages, tryViewMessages } from "./tryView.ts";
import { ValueForm } from "./valueForm.ts";
import {
  count,
  kind,
  literals,
  type MethodOf,
  orNull,
  type RefusalOf,
  type ReplyOf,
  type RequestOf,
  type ResultOf,
  refusalSchema,
  replySchemas,
  requestSchemas,
  strict,
  text,
} from "./viewMessages.ts";

const json = Type.String({ description: "A value as JSON." });

/** Keys and positions from the root of the file. */
export const Path = Type.Array(Type.Union([Type.String(), Type.Integer()]), { maxItems: 100 });

export const CallReading = Type.Object(
  {
    name: text,
    /** As the file writes them, without the indentation of the place. */
    arguments: json,
    /** Null where no catalog defines the tool, or it names no arguments: then JSON is all there is. */
    form: orNull(ValueForm),
  },
  strict,
);

export const DemonstrationReading = Type.Object(
  { query: text, thought: orNull(text), calls: Type.Array(CallReading) },
  strict,
);

export const ReadProblem = Type.Object(
  { path: Path, sentence: text, kind: Type.String({ description: "As ReplacementProblem names it." }) },
  strict,
);

/** What the language server says of the document, at the place that it says it of. */
export const Finding = Type.Object(
  {
    path: Path,
    /** Of the key, and not of its value. */
    key: Type.Boolean(),
    sentence: text,
    severity: literals("error", "warning", "information", "hint"),
    rule: text,
  },
  strict,
);

/** A file that can be shown as what it is: keys may be at fault, but none that the view needs. */
export const EditReading = Type.Object(
  {
    sample: text,
    action: literals("fewshot", "exclude", "fixGold"),
    scope: literals("whileHard", "always"),
    note: text,
    demonstrations: Type.Array(DemonstrationReading),
    gold: Type.Array(CallReading),
  },
  strict,
);

export const SampleReading = Type.Object(
  {
    query: text,
    tools: Type.Array(Type.Object({ name: text, description: text }, strict)),
    /** The answer in the samples file. */
    answer: Type.Array(CallReading),
    answerJson: json,
    rowJson: json,
    /** The row's hash as it is now. */
    row: text,
  },
  strict,
);

export const PromptReading = Type.Object(
  {
    parts: Type.Array(
      Type.Object(
        {
          kind: literals("system", "tools", "question", "answer", "query", "opening"),
          demonstration: Type.Optional(count),
          text,
          tokens: count,
        },
        strict,
      ),
    ),
    tokens: count,
    budget: count,
  },
  strict,
);

/** The run whose settings count, and that a saved edit goes to where it lives. */
export const RunReading = Type.Object(
  {
    id: text,
    live: Type.Boolean(),
    /** By settings.curriculum.replacements; a baseline takes none. */
    takesEdits: Type.Boolean(),
    /** Last complete step. */
    step: count,
    /** Of the sample, as the curriculum names it. */
    state: orNull(text),
  },
  strict,
);

export const Reading = Type.Object(
  {
    /** Of the document. */
    version: count,
    /** Undefined parts of a broken file: what is wrong and where, from 1. */
    fault: orNull(Type.Object({ sentence: text, line: orNull(count) }, strict)),
    edit: orNull(EditReading),
    problems: Type.Array(ReadProblem),
    sample: orNull(SampleReading),
    prompt: Type.Union([PromptReading, Type.Object({ problem: text }, strict)]),
    /** Of all catalogs. */
    tools: Type.Array(text),
    run: orNull(RunReading),
    /** Why samples or tools could not be read. */
    trouble: orNull(text),
  },
  strict,
);

/** Something that could be shown before the question. */
export const Candidate = Type.Object(
  {
    id: text,
    query: text,
    /** Its calls, for people. */
    calls: Type.Array(text),
    /** The demonstration as the file would write it. */
    json,
    /** Why it stands where it stands. */
    reason: text,
  },
  strict,
);

export const HistoryEntry = Type.Object(
  {
    kind: literals("saved", "taken", "refused", "automatic"),
    /** ISO 8601. */
    at: text,
    by: orNull(text),
    why: orNull(text),
    step: orNull(count),
    /** Rollouts that were drawn with it. */
    outcome: orNull(Type.Object({ draws: count, rollouts: count, correct: count }, strict)),
  },
  strict,
);

export const History = Type.Object(
  {
    entries: Type.Array(HistoryEntry, { description: "Newest first." }),
    /** Draws of the sample without any edit, in the same run. */
    automatic: orNull(Type.Object({ draws: count, rollouts: count, correct: count }, strict)),
    problem: orNull(text),
  },
  strict,
);

/** Something that could be typed, as the language server offers it. Offsets are those of the text that was asked about. */
export const Completion = Type.Object(
  {
    label: text,
    kind: literals("member", "value"),
    detail: text,
    from: count,
    to: count,
    insert: text,
    /** Of what was inserted, what is selected then. */
    select: Type.Tuple([count, count]),
  },
  strict,
);

/** Requests of the view, by method. The host answers for the text as it is then. */
export const replacementRequests = {
  candidates: {
    params: Type.Object({ search: Type.String({ maxLength: 200 }) }, strict),
    result: Type.Object({ candidates: Type.Array(Candidate), total: count }, strict),
  },
  history: { params: Type.Object({}, strict), result: History },
  /** In a text that stands for the value at a path and is not in the file yet. */
  completions: {
    params: Type.Object({ path: Path, text: Type.String({ maxLength: 1_000_000 }), offset: count }, strict),
    result: Type.Object({ items: Type.Array(Completion) }, strict),
  },
} as const;

/** One change of the file. */
export const Change = Type.Union([
  Type.Object({ change: kind("set"), path: Path, json }, strict),
  Type.Object({ change: kind("remove"), path: Path }, strict),
  Type.Object({ change: kind("insert"), path: Path, at: count, json }, strict),
  Type.Object({ change: kind("move"), path: Path, from: count, to: count }, strict),
]);

const why = Type.String({ maxLength: 2000 });

export const ReplacementViewMessage = Type.Union([
  ...requestSchemas(replacementRequests),
  ...tryViewMessages,
  /** The view is there, and knows nothing but what it kept of itself. */
  Type.Object({ kind: kind("ready"), why }, strict),
  /** Edits are numbered from 1, so that the view knows which of them a text has. */
  Type.Object(
    { kind: kind("edit"), edit: count, version: count, changes: Type.Array(Change, { maxItems: 20 }) },
    strict,
  ),
  /** The whole text, of a file that is broken. */
  Type.Object(
    { kind: kind("rewrite"), edit: count, version: count, text: Type.String({ maxLength: 1_000_000 }) },
    strict,
  ),
  /** For the history, with the next saving: told as it is typed, since a view may be closed at any moment. */
  Type.Object({ kind: kind("why"), why }, strict),
  /** Everything typed so far has been sent. */
  Type.Object({ kind: kind("flushed") }, strict),
  Type.Object({ kind: kind("command"), name: literals("backToAutomatic", "reopenAsText") }, strict),
]);

/** What the run's server made of the saved file. */
export const Verdict = Type.Object(
  { state: literals("accepted", "refused", "waiting", "no-run", "problem"), sentence: text },
  strict,
);

export const ReplacementRefusal = literals("input", "defect");

export const ReplacementHostMessage = Type.Union([
  ...replySchemas(replacementRequests),
  refusalSchema(ReplacementRefusal),
  ...tryHostMessages,
  /** `edits`: number of the view's last edit that was made or refused. */
  Type.Object({ kind: kind("document"), version: count, text, dirty: Type.Boolean(), edits: count }, strict),
  Type.Object({ kind: kind("reading"), reading: Reading }, strict),
  /** All there are; said anew with every change of them. */
  Type.Object({ kind: kind("findings"), findings: Type.Array(Finding) }, strict),
  Type.Object({ kind: kind("saved"), verdict: Verdict }, strict),
  /** What is known of the reason for the next saving: a saving that the view did not see has used it up. */
  Type.Object({ kind: kind("why"), why }, strict),
  /** An edit that was made for a text that is no more. */
  Type.Object({ kind: kind("stale") }, strict),
  /** The document is about to be saved: send what is still held back, then `flushed`. */
  Type.Object({ kind: kind("flush") }, strict),
  Type.Object({ kind: kind("problem"), message: text }, strict),
]);

export type Path = Static<typeof Path>;
export type CallReading = Static<typeof CallReading>;
export type DemonstrationReading = Static<typeof DemonstrationReading>;
export type ReadProblem = Static<typeof ReadProblem>;
export type Finding = Static<typeof Finding>;
export type EditReading = Static<typeof EditReading>;
export type SampleReading = Static<typeof SampleReading>;
export type PromptReading = Static<typeof PromptReading>;
export type RunReading = Static<typeof RunReading>;
export type Reading = Static<typeof Reading>;
export type Completion = Static<typeof Completion>;
export type Candidate = Static<typeof Candidate>;
export type HistoryEntry = Static<typeof HistoryEntry>;
export type History = Static<typeof History>;
export type Change = Static<typeof Change>;
export type Verdict = Static<typeof Verdict>;

export type ReplacementMethod = MethodOf<typeof replacementRequests>;
export type ReplacementResult<M extends ReplacementMethod> = ResultOf<typeof replacementRequests, M>;
export type ReplacementRequest = RequestOf<typeof replacementRequests>;
export type ReplacementReply = ReplyOf<typeof replacementRequests>;
export type ReplacementRefusal = RefusalOf<Static<typeof ReplacementRefusal>>;

export type ReplacementViewMessage =
  | ReplacementRequest
  | TryViewMessage
  | { kind: "ready"; why: string }
  | { kind: "edit"; edit: number; version: number; changes: Change[] }
  | { kind: "rewrite"; edit: number; version: number; text: string }
  | { kind: "why"; why: string }
  | { kind: "flushed" }
  | { kind: "command"; name: "backToAutomatic" | "reopenAsText" };

export type ReplacementHostMessage =
  | ReplacementReply
  | ReplacementRefusal
  | TryHostMessage
  | { kind: "document"; version: number; text: string; dirty: boolean; edits: number }
  | { kind: "reading"; reading: Reading }
  | { kind: "findings"; findings: Finding[] }
  | { kind: "saved"; verdict: Verdict }
  | { kind: "why"; why: string }
  | { kind: "stale" }
  | { kind: "flush" }
  | { kind: "problem"; message: string };

export const isReplacementViewMessage = (value: unknown): value is ReplacementViewMessage =>
  Check(ReplacementViewMessage, value);
export const isReplacementHostMessage = (value: unknown): value is ReplacementHostMessage =>
  Check(ReplacementHostMessage, value);
