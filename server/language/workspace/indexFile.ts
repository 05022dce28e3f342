/** Reads from disk what a file says to others: the tools it defines, and facts that others may repeat or contradict. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { detectDialect } from "../../toolcalls/dialects/index.ts";
import type { Reading } from "../../toolcalls/dialects/model.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { type FactIndex, factsOf, type RecordFacts } from "../analysis/facts.ts";
import { ScopedTool, ToolScope } from "../analysis/scope.ts";
import { ParsedRecord } from "../records/parsedRecord.ts";
import { DEFAULT_LIMITS, type RecordLimits } from "../records/scan.ts";
import { DiskOrigin } from "./diskOrigin.ts";
import { readRecords } from "./files.ts";
import type { ToolIndex } from "./toolIndex.ts";

export interface IndexOptions {
  dialect?: Dialect;
  limits?: RecordLimits;
}

/** Records that decide which dialect a file is of, and whether it defines tools. */
const SAMPLED = 20;
/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 10;

/** Replaces what the index had of the file's tools. A file whose first records define none is not read further. */
export async function indexTools(file: string, index: ToolIndex, options: IndexOptions): Promise<void> {
  const tools: ScopedTool[] = [];
  for await (const { reading, origin } of readings(file, options, true)) {
    const scoped = (tool: Reading["tools"][number]): ScopedTool => new ScopedTool(tool, origin);
    for (const tool of reading.tools) tools.push(scoped(tool));
    for (const { id, offer } of reading.samples) {
      if (id !== undefined && offer.kind === "own") index.setTwin(id, ToolScope.of(offer.tools.map(scoped)));
    }
  }
  index.setTools(file, tools);
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

interface DiskReading {
  reading: Reading;
  origin: DiskOrigin;
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
      yield { reading: known.read(value, Ref.root), origin: DiskOrigin.of(file, source) };
      if (performance.now() < deadline) continue;
      await new Promise((resolve) => setImmediate(resolve));
      deadline = performance.now() + SLICE;
    }
  }
}

/** Whether other files may need what the record says. */
function definesTools(dialect: Dialect, value: unknown): boolean {
  const { tools, samples } = dialect.read(value, Ref.root);
  return tools.length > 0 || (dialect.id === "bfcl" && samples.some(({ offer }) => offer.kind === "own"));
}
