/**
 * What the conversations of all views have in common: requests with a number, that end in a reply or a refusal, between a
 * view and the worker that reads stores for it. What a view asks stands in its own file (rolloutView.ts, curvesView.ts).
 */
import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { count, strict, text } from "./fields.ts";
import type { RecordedState } from "./run.ts";

export { count, strict, text };

/** A union, since a view checks with TypeBox, which knows no `enum`. */
export const literals = <const T extends string[]>(...values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));
export const number = Type.Integer({ minimum: 1 });
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const kind = <const K extends string>(value: K) => Type.Literal(value);

/** How far a run came. `interrupted`: the record says it runs, and no server has it. */
export const ShownState = literals("running", "paused", "finished", "stopped", "failed", "interrupted") satisfies {
  static: Static<typeof RecordedState> | "interrupted";
};

/** What a view may ask: parameters and result by method. */
export type Methods = Record<string, { params: TSchema; result: TSchema }>;
export type MethodOf<M extends Methods> = keyof M & string;
export type ParamsOf<M extends Methods, Name extends MethodOf<M>> = Static<M[Name]["params"]>;
export type ResultOf<M extends Methods, Name extends MethodOf<M>> = Static<M[Name]["result"]>;
export type RequestOf<M extends Methods> = {
  [Name in MethodOf<M>]: { kind: "request"; id: number; method: Name; params: ParamsOf<M, Name> };
}[MethodOf<M>];
export type ReplyOf<M extends Methods> = {
  [Name in MethodOf<M>]: { kind: "reply"; id: number; method: Name; result: ResultOf<M, Name> };
}[MethodOf<M>];

export interface RefusalOf<Code extends string> {
  kind: "refusal";
  id: number;
  code: Code;
  /** One sentence for the person who looks at the view. */
  message: string;
}

export const requestSchemas = (methods: Methods): TObject[] =>
  Object.entries(methods).map(([method, { params }]) =>
    Type.Object({ kind: kind("request"), id: number, method: Type.Literal(method), params }),
  );

export const replySchemas = (methods: Methods): TObject[] =>
  Object.entries(methods).map(([method, { result }]) =>
    Type.Object({ kind: kind("reply"), id: number, method: Type.Literal(method), result }),
  );

export const refusalSchema = <Code extends TSchema>(code: Code) =>
  Type.Object({ kind: kind("refusal"), id: number, code, message: text }, strict);

/** Why a view of a store was refused something. `superseded`: a newer request took its place. */
export const RefusalCode = literals("superseded", "gone", "store", "defect");
export const Refusal = refusalSchema(RefusalCode);
/** Nothing can be read just now: what is the matter and what to do. Asking again tries again. */
export const Problem = Type.Object({ kind: kind("problem"), message: text }, strict);

/** What a panel tells its worker, beside passing on the messages of the view. */
export const PanelMessage = Type.Object({ kind: kind("visible"), visible: Type.Boolean() }, strict);

export const isPanelMessage = (value: unknown): value is PanelMessage => Check(PanelMessage, value);

export type RefusalCode = Static<typeof RefusalCode>;
export type Refusal = Static<typeof Refusal>;
export type Problem = Static<typeof Problem>;
export type PanelMessage = Static<typeof PanelMessage>;
