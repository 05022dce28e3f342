/**
 * What the conversations of all views have in common: requests by method, each with the schema of what it takes and of
 * what it gives, and one reply or refusal for each. Both ends check every message.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";

/** Requests of a view, by method. */
export type RequestTable = Record<string, { params: TSchema; result: TSchema }>;

export type MethodOf<R extends RequestTable> = keyof R & string;
export type ParamsOf<R extends RequestTable, M extends MethodOf<R>> = Static<R[M]["params"]>;
export type ResultOf<R extends RequestTable, M extends MethodOf<R>> = Static<R[M]["result"]>;

export type RequestOf<R extends RequestTable> = {
  [M in MethodOf<R>]: { kind: "request"; id: number; method: M; params: ParamsOf<R, M> };
}[MethodOf<R>];

export type ReplyOf<R extends RequestTable> = {
  [M in MethodOf<R>]: { kind: "reply"; id: number; method: M; result: ResultOf<R, M> };
}[MethodOf<R>];

export interface RefusalOf<Code extends string> {
  kind: "refusal";
  id: number;
  code: Code;
  /** One sentence for the person who looks at the view. */
  message: string;
}

const id = Type.Integer({ minimum: 1 });

/** Schemas of all requests of the table. */
export const requestSchemas = (table: RequestTable): TSchema[] =>
  Object.entries(table).map(([method, { params }]) =>
    Type.Object({ kind: Type.Literal("request"), id, method: Type.Literal(method), params }),
  );

/** Schemas of all replies of the table, and of the refusals. */
export const answerSchemas = (table: RequestTable, code: TSchema): TSchema[] => [
  ...Object.entries(table).map(([method, { result }]) =>
    Type.Object({ kind: Type.Literal("reply"), id, method: Type.Literal(method), result }),
  ),
  Type.Object({ kind: Type.Literal("refusal"), id, code, message: Type.String() }, { additionalProperties: false }),
];
