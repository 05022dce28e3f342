/** A proportion of rows with its Wilson 95 % interval. */
import { type Static, Type } from "@sinclair/typebox";
import { count } from "./fields.ts";

const share = Type.Number({ minimum: 0, maximum: 1 });

export const Accuracy = Type.Object(
  { rows: count, correct: count, value: share, low: share, high: share },
  { additionalProperties: false },
);

export type Accuracy = Static<typeof Accuracy>;
