/** What schemas of files and of the protocol are made of. Those of views have their own `literals` (viewMessages.ts). */
import { Type } from "@sinclair/typebox";

/** No other keys than these. */
export const strict = { additionalProperties: false } as const;

export const count = Type.Integer({ minimum: 0 });
export const positive = (description: string) => Type.Integer({ minimum: 1, description });
export const text = Type.String();

/** One of these words: an `enum`, which pages and editors show better than a union. */
export const literals = <const T extends string[]>(...values: T) =>
  Type.Unsafe<T[number]>({ type: "string", enum: values });

/** The same with what it says. */
export const choice = <const T extends string[]>(description: string, ...values: T) =>
  Type.Unsafe<T[number]>({ type: "string", enum: values, description });
