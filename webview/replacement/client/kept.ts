/** What the view keeps of itself while it is hidden and until the window is loaded again. None of it is in the file. */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { Path } from "../../../schemas/replacementView.ts";

const strict = { additionalProperties: false } as const;

export const Kept = Type.Object(
  {
    /** For the history of the file, with the next saving. */
    why: Type.String({ maxLength: 2000 }),
    /** Calls whose arguments are shown as JSON. */
    asJson: Type.Array(Path),
    /** Texts that mean no value yet. */
    unfinished: Type.Array(Type.Object({ path: Path, text: Type.String(), base: Type.String() }, strict)),
    /** Null where the pool is closed. */
    search: Type.Union([Type.String(), Type.Null()]),
    scroll: Type.Number({ minimum: 0 }),
  },
  strict,
);
export type Kept = Static<typeof Kept>;

const nothing: Kept = { why: "", asJson: [], unfinished: [], search: null, scroll: 0 };

/** @param kept of this version, of another, or nobody's: what does not fit is no reason to fail */
export const restored = (kept: unknown): Kept => (Check(Kept, kept) ? kept : nothing);
