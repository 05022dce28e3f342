/** The conversation with the thread that reads a Parquet file. It is asked for rows, and answers each question once. */

/** Says nothing: the thread knows what comes next. */
export const NEXT = "next";

/** Rows as JSON, none more, or why there are none. */
export type Answer = { kind: "rows"; rows: string[] } | { kind: "end" } | { kind: "failed"; why: string };
