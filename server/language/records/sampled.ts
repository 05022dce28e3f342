/** What a file is, is said by its first records. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import { ParsedRecord } from "./parsedRecord.ts";
import type { RecordLimits } from "./scan.ts";

/** Records that decide of which dialect a file is, and what there is in it. */
export const SAMPLED = 20;

/** The dialect of a file that begins with these records; undefined where none fits. */
export function sampledDialect(records: readonly { text: string }[], limits: RecordLimits): Dialect | undefined {
  return detectDialect(records.slice(0, SAMPLED).map(({ text }) => ParsedRecord.parse(text, limits).value));
}
