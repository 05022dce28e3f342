/** Reads from disk what a file says to others: the tools it defines, and facts that others may repeat or contradict. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import type { Reading, Tool } from "../../toolcalls/dialects/model.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { type FactIndex, factsOf, type RecordFacts } from "../analysis/facts.ts";
import { ScopedTool, ToolScope } from "../analysis/scope.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { SAMPLED } from "../records/sampled.ts";
import { DEFAULT_LIMITS, type RecordLimits } from "../records/scan.ts";
import { DiskOrigin } from "./diskOrigin.ts";
import { readRecords } from "./files.ts";
import type { ToolIndex } from "./toolIndex.ts";

export interface IndexOptions {
  /** In place of the detected one. */
  dialect?: Dialect | undefined;
  limits?: RecordLimits;
}

/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 10;

/** What a file defines for samples that stand elsewhere. */
export interface FileTools {
  tools: readonly ScopedTool[];
  /** Tools that samples bring, by the sample's id, for answers in a file of their own. */
  twins: readonly Twin[];
}

export interface Twin {
  id: string;
  scope: ToolScope;
}

/** A file whose first records define no tools is not read further. */
export async function readTools(file: string, options: IndexOptions): Promise<FileTools> {
  const tools: ScopedTool[] = [];
  const twins: Twin[] = [];
  for await (const read of readings(file, options, true)) {
    const found = toolsOf(read);
    tools.push(...found.tools);
    twins.push(...found.twins);
  }
  return { tools, twins };
}

/** What others may need of a record. */
export function toolsOf({ reading, origin, dialect }: DiskReading): FileTools {
  const scoped = (tool: Tool): ScopedTool => new ScopedTool(tool, origin);
  const twins = hasTwins(dialect)
    ? reading.samples.flatMap(({ id, offer }): Twin[] =>
        id === undefined || offer.kind !== "own" ? [] : [{ id, scope: ToolScope.of(offer.tools.map(scoped)) }],
      )
    : [];
  return { tools: reading.tools.map(scoped), twins };
}

/** Only of BFCL do the answers stand in other files than the tools they call. */
const hasTwins = ({ id }: Dialect): boolean => id === "bfcl";

/** Replaces what the index had of the file's tools. */
export function setTools(file: string, { tools, twins }: FileTools, index: ToolIndex): void {
  for (const { id, scope } of twins) index.setTwin(id, scope);
  index.setTools(file, tools);
}

/** Reads a file's tools into the index. */
export async function indexTools(file: string, index: ToolIndex, options: IndexOptions): Promise<void> {
  setTools(file, await readTools(file, options), index);
}

/** @returns what takes the file's facts out again */
export async function indexFacts(file: string, index: FactIndex, options: IndexOptions): Promise<() => void> {
  const added: RecordFacts[] = [];
  for await (const { reading, origin } of readings(file, options, false)) {
    const facts = factsOf(reading);
    if (facts.facts.length === 0) continue;
    index.add(origin, facts);
    added.push(facts);
  }
  return () => {
    for (const facts of added) index.remove(facts);
  };
}

export interface DiskReading {
  reading: Reading;
  origin: DiskOrigin;
  dialect: Dialect;
}

/** In slices, so that an editor is answered meanwhile. */
async function* readings(
  file: string,
  { dialect: chosen, limits = DEFAULT_LIMITS }: IndexOptions,
  toolsOnly: boolean,
): AsyncGenerator<DiskReading> {
  let dialect = chosen;
  let first = true;
  let deadline = performance.now() + SLICE;
  for await (const batch of readRecords(file, limits.length)) {
    const head = first ? batch.slice(0, SAMPLED).map(({ text }) => ParsedRecord.parse(text, limits).value) : [];
    dialect ??= detectDialect(head);
    const known = dialect;
    if (known === undefined) return;
    if (first && toolsOnly && !head.some((value) => definesTools(known, value))) return;
    first = false;
    for (const source of batch) {
      const { value, fault } = ParsedRecord.parse(source.text, limits);
      if (fault !== undefined || source.fault !== undefined) continue;
      yield { reading: known.read(value, Ref.root), origin: DiskOrigin.of(file, source), dialect: known };
      if (performance.now() < deadline) continue;
      await new Promise((resolve) => setImmediate(resolve));
      deadline = performance.now() + SLICE;
    }
  }
}

/** Whether other files may need what the record says. */
function definesTools(dialect: Dialect, value: unknown): boolean {
  const { tools, samples } = dialect.read(value, Ref.root);
  return tools.length > 0 || (hasTwins(dialect) && samples.some(({ offer }) => offer.kind === "own"));
}
