/** A change of one record's text. */
import type { Span } from "../records/locate.ts";
import type { JsonPath } from "./textLevel.ts";

/** The span's text is replaced. */
export interface RecordEdit extends Span {
  text: string;
}

/** A value to write, or undefined for a member or item that goes. */
export type Change = [path: JsonPath, value: unknown];
