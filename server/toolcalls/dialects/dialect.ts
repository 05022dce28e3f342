/** One way in which tools, samples and calls are written in files. Each dialect is one file that exports one of these. */
import type { TSchema } from "@sinclair/typebox";
import type { Call, Reading, Sample, Tool } from "./model.ts";
import type { Ref } from "./ref.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** A value for a file of another dialect, and one sentence for each thing it cannot hold. */
export interface Written {
  value: unknown;
  lost: string[];
}

export interface Dialect {
  /** Lower case with hyphens: what settings and the command line call it. */
  id: string;
  /** As a person calls it. */
  title: string;
  /** How its files are laid out: a record on each line, or an array of records (written with one on each line). */
  layout: "lines" | "array" | "document";
  /**
   * How surely a record is of this dialect: 0 certainly not, 1 nothing else looks like it. Looks at keys and types only, since
   * it runs on many records for many dialects.
   */
  detect(value: unknown): number;
  /** Never throws on any JSON value. `root` is where the record's value begins. */
  read(value: unknown, root: Ref): Reading;
  /** Schema of ours that this record follows, where the dialect has one; the same object for records of one kind. */
  schemaOf?(value: unknown): TSchema;
  /** Whether all calls of an answer stand in one `<tool_call>` block, or each in its own; absent where it has none. */
  callTags?: "one" | "each";
  /** Severities of rules inside this dialect where they differ from the rule's own; "off" silences one. */
  habits?: Readonly<Record<string, Severity | "off">>;
  /** One tool, as it stands in a list of tools of this dialect. */
  writeTool?(tool: Tool): Written;
  /** One call, as it stands in a gold or an assistant's turn. */
  writeCall?(call: Call): Written;
  /** One record that holds the sample, its tools included where the dialect keeps them in the record. */
  writeSample?(sample: Sample): Written;
  /** A whole document of tools; the default is a list of `writeTool`. */
  writeTools?(tools: readonly Tool[]): Written;
}
