/** The conversation with the process that exports a run's policy: one request, then how it goes. Checked on both ends. */
import { type Static, Type } from "@sinclair/typebox";
import { EXPORT_DTYPES, EXPORT_FORMATS } from "../../schemas/exporting.ts";

const Count = Type.Integer({ minimum: 0 });
const oneOf = <T extends string>(values: readonly T[]) => Type.Union(values.map((value) => Type.Literal(value)));

export const ExportRequest = Type.Object({
  /** Run folder. */
  run: Type.String({ minLength: 1 }),
  /** Folder to be written, absolute. */
  to: Type.String({ minLength: 1 }),
  as: oneOf(EXPORT_FORMATS),
  dtype: oneOf(EXPORT_DTYPES),
});
export type ExportRequest = Static<typeof ExportRequest>;

const Finished = Type.Object({ kind: Type.Literal("finished"), folder: Type.String(), step: Count, bytes: Count });

export const ExportMessage = Type.Union([
  /** A checkpoint was found, and is being exported. */
  Type.Object({ kind: Type.Literal("found"), step: Count }),
  Type.Object({ kind: Type.Literal("refused"), sentence: Type.String() }),
  Finished,
]);
export type ExportMessage = Static<typeof ExportMessage>;
export type FinishedExport = Omit<Static<typeof Finished>, "kind">;
