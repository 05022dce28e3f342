/**
 * A hand edit of one sample (`replacements/<sample>.replacement.json`): what training does with it in place of what the
 * algorithm would choose. No file means that the algorithm chooses.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { strict } from "./fields.ts";
import { Sample, ToolCall } from "./samples.ts";

export const ReplacementDemonstration = Type.Object(
  {
    query: Type.String({ minLength: 1, description: "What the user asks." }),
    thought: Type.Optional(Type.String({ minLength: 1, description: "What the assistant writes before the calls." })),
    calls: Type.Array(ToolCall, { description: "The calls that answer it; empty where no tool fits." }),
  },
  strict,
);

/** One saving of the file: the first says where the edit comes from, the last why it is as it is. */
export const ReplacementChange = Type.Object(
  {
    at: Type.String({
      pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$",
      description: "When, as 2026-01-31T12:00:00Z.",
    }),
    by: Type.String({ minLength: 1, description: "Who." }),
    why: Type.Optional(Type.String({ description: "What the change is for." })),
    run: Type.Optional(Type.String({ minLength: 1, description: "Id of the run whose rollouts it answers." })),
    step: Type.Optional(Type.Integer({ minimum: 0, description: "Step of that run." })),
  },
  strict,
);

/** How long the edit holds: while the raw row probes as hard, or whenever it is drawn. */
export const ReplacementScope = Type.Union([Type.Literal("whileHard"), Type.Literal("always")], {
  description:
    "whileHard: until the policy solves the raw row, which only runs find out that probe between rounds. always: whenever the sample is drawn.",
});

const common = {
  $schema: Type.Optional(Type.String()),
  sample: Type.String({ minLength: 1, description: "Id of the sample that is edited." }),
  row: Type.String({
    pattern: "^[0-9a-f]{64}$",
    description: "SHA-256 of the sample as it stood in its file when the edit was made, as canonical JSON.",
  }),
  /** With it, an edit of a row that has since changed can say what changed. */
  original: Type.Optional(
    Type.Object(Sample.properties, {
      additionalProperties: false,
      description: "The sample itself as it then stood, with the keys of a samples file.",
    }),
  ),
  note: Type.Optional(Type.String({ description: "For whoever reads the edit." })),
  history: Type.Optional(Type.Array(ReplacementChange, { description: "Oldest first." })),
};

export const FewShotReplacement = Type.Object(
  {
    ...common,
    action: Type.Literal("fewshot", { description: "Show these demonstrations before the question." }),
    scope: ReplacementScope,
    demonstrations: Type.Array(ReplacementDemonstration, {
      description: "At least one; they are shown in this order, as earlier turns.",
    }),
  },
  { $id: "replacement-fewshot", ...strict },
);

export const ExcludeReplacement = Type.Object(
  {
    ...common,
    action: Type.Literal("exclude", { description: "Draw the sample no more." }),
    scope: ReplacementScope,
  },
  { $id: "replacement-exclude", ...strict },
);

export const FixGoldReplacement = Type.Object(
  {
    ...common,
    action: Type.Literal("fixGold", { description: "Reward these calls instead of the answer in the samples file." }),
    // A wrong answer does not become right once the policy has learnt the right one.
    scope: Type.Literal("always"),
    gold: Type.Array(ToolCall, { description: "The gold calls; empty where no tool fits." }),
  },
  { $id: "replacement-fix-gold", ...strict },
);

/** For a file whose action is missing or unknown: it can be told no more than what the actions are. */
const AnyReplacement = Type.Object(
  {
    ...common,
    action: Type.Unsafe<"fewshot" | "exclude" | "fixGold">({
      type: "string",
      enum: ["fewshot", "exclude", "fixGold"],
      description: "What to do with the sample.",
    }),
    scope: ReplacementScope,
  },
  { $id: "replacement" },
);

export type ReplacementDemonstration = Static<typeof ReplacementDemonstration>;
export type ReplacementChange = Static<typeof ReplacementChange>;
export type ReplacementScope = Static<typeof ReplacementScope>;
export type FewShotReplacement = Static<typeof FewShotReplacement>;
export type ExcludeReplacement = Static<typeof ExcludeReplacement>;
export type FixGoldReplacement = Static<typeof FixGoldReplacement>;
export type Replacement = FewShotReplacement | ExcludeReplacement | FixGoldReplacement;

const SCHEMAS: ReadonlyMap<unknown, TSchema> = new Map<unknown, TSchema>([
  ["fewshot", FewShotReplacement],
  ["exclude", ExcludeReplacement],
  ["fixGold", FixGoldReplacement],
]);

/** The schema of a replacement with this action: faults are then told of that action alone. */
export const replacementSchema = (action: unknown): TSchema => SCHEMAS.get(action) ?? AnyReplacement;
