/** What a record says that other records may contradict or repeat, and the index of it over all files. */
import { hash } from "node:crypto";
import { type Call, callsOf, type Reading, type Sample } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { canonicalText } from "../../toolcalls/jsonSchema/canonical.ts";
import type { Origin } from "./scope.ts";

export type FactKind =
  | "tool"
  | "sample-id"
  | "demonstration-id"
  /** Question and gold calls. */
  | "sample"
  | "demonstration"
  /** A tool that a demonstration calls, also one inside a sample. */
  | "demonstrated"
  /** Id of the sample that a hand edit is for. */
  | "edit";

export interface Fact {
  kind: FactKind;
  /** Equal keys of one kind mean the same thing said twice. */
  key: string;
  ref: Ref;
}

export interface RecordFacts {
  facts: readonly Fact[];
}

export interface Occurrence {
  fact: Fact;
  origin: Origin;
}

export const FACT_KINDS: readonly FactKind[] = [
  "tool",
  "sample-id",
  "demonstration-id",
  "sample",
  "demonstration",
  "demonstrated",
  "edit",
];

/** What a file is to an experiment. */
export type FileRole = "train" | "held-out" | "demonstrations" | "tools" | "replacements";

export function factsOf(reading: Reading): RecordFacts {
  const facts: Fact[] = [];
  for (const { name, nameRef } of reading.tools) if (name !== "") facts.push({ kind: "tool", key: name, ref: nameRef });
  for (const sample of reading.samples) {
    addIdentity(facts, "sample", sample);
    for (const demonstration of sample.demonstrations) addDemonstrated(facts, demonstration);
  }
  for (const demonstration of reading.demonstrations) {
    addIdentity(facts, "demonstration", demonstration);
    addDemonstrated(facts, demonstration);
  }
  const { edited } = reading;
  if (edited !== undefined) facts.push({ kind: "edit", key: edited.id, ref: edited.ref });
  return { facts };
}

function addIdentity(facts: Fact[], kind: "sample" | "demonstration", sample: Sample): void {
  if (sample.id !== undefined) facts.push({ kind: `${kind}-id`, key: sample.id, ref: sample.idRef ?? sample.ref });
  const key = contentKey(sample);
  if (key !== undefined) facts.push({ kind, key, ref: sample.queryRef });
}

function addDemonstrated(facts: Fact[], sample: Sample): void {
  for (const { name, nameRef } of callsOf(sample))
    if (name !== "") facts.push({ kind: "demonstrated", key: name, ref: nameRef });
}

/** One short text for a question and its answer; undefined for a record without a question. */
export function contentKey(sample: Sample): string | undefined {
  if (sample.query === "") return undefined;
  const turns = sample.turns.length > 1 ? sample.turns.map(({ role, text }) => [role, text]) : sample.query;
  const offered = sample.offer.kind === "own" ? sample.offer.tools.map(({ name }) => name) : [];
  return hash("sha1", canonicalText([turns, callsOf(sample).map(callKey), offered.sort()]), "base64");
}

const callKey = (call: Call): string => canonicalText([call.name, call.arguments]);

/** The only fact of its key, which most are, or all of them by fact. */
type Entry = Occurrence | Map<Fact, Occurrence>;

export class FactIndex {
  readonly #byKind = new Map<FactKind, Map<string, Entry>>(FACT_KINDS.map((kind) => [kind, new Map()]));
  readonly #listeners = new Set<(key: string) => void>();
  readonly #roles = new Map<string, FileRole>();
  /** Experiments that name a file. */
  readonly #experiments = new Map<string, Set<string>>();

  /** What the file is to this experiment. */
  setRole(file: string, role: FileRole, experiment: string): void {
    this.#roles.set(file, role);
    const known = this.#experiments.get(file);
    if (known === undefined) this.#experiments.set(file, new Set([experiment]));
    else known.add(experiment);
  }

  /** Before experiments are read again. */
  clearRoles(): void {
    this.#roles.clear();
    this.#experiments.clear();
  }

  role(file: string): FileRole | undefined {
    return this.#roles.get(file);
  }

  /** Whether some experiment reads both files; files of no common experiment never meet, and may say the same. */
  together(file: string, other: string): boolean {
    if (file === other) return true;
    const others = this.#experiments.get(other);
    return others !== undefined && [...(this.#experiments.get(file) ?? [])].some((one) => others.has(one));
  }

  /** @returns what takes the facts out again, when their record changes */
  add(origin: Origin, facts: RecordFacts): () => void {
    for (const fact of facts.facts) this.#put({ fact, origin });
    return () => this.remove(facts);
  }

  /** Takes out what was added. */
  remove({ facts }: RecordFacts): void {
    for (const fact of facts) this.#take(fact);
  }

  /**
   * Told the keys under which records that were added before may now mean something else. Of tools that are demonstrated only
   * the first and the last demonstration change that. Returns what ends it.
   */
  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  *of(kind: FactKind, key: string): Iterable<Occurrence> {
    const entry = this.#of(kind).get(key);
    if (entry instanceof Map) yield* entry.values();
    else if (entry !== undefined) yield entry;
  }

  has(kind: FactKind, key: string): boolean {
    return this.#of(kind).has(key);
  }

  /** Whether anything of this kind is known at all. */
  hasAny(kind: FactKind): boolean {
    return this.#of(kind).size > 0;
  }

  #put(occurrence: Occurrence): void {
    const { kind, key } = occurrence.fact;
    const entries = this.#of(kind);
    const entry = entries.get(key);
    if (kind !== "demonstrated" || entry === undefined) this.#announce(key);
    if (kind === "demonstrated" && entries.size === 0) this.#announceTools();
    if (entry === undefined) entries.set(key, occurrence);
    else if (entry instanceof Map) entry.set(occurrence.fact, occurrence);
    else {
      const both = new Map([[entry.fact, entry]]);
      entries.set(key, both.set(occurrence.fact, occurrence));
    }
  }

  #take(fact: Fact): void {
    const { kind, key } = fact;
    const entries = this.#of(kind);
    const entry = entries.get(key);
    if (entry instanceof Map) {
      entry.delete(fact);
      if (entry.size === 0) entries.delete(key);
    } else if (entry?.fact === fact) entries.delete(key);
    if (kind !== "demonstrated" || !entries.has(key)) this.#announce(key);
    if (kind === "demonstrated" && entries.size === 0) this.#announceTools();
  }

  /** Most keys are of one record alone, and then there is nobody to tell about. */
  #announce(key: string): void {
    if (this.#listeners.size === 0) return;
    for (const entries of this.#byKind.values()) {
      if (!entries.has(key)) continue;
      for (const listener of this.#listeners) listener(key);
      return;
    }
  }

  /** Without any demonstration, no tool is said to lack one. */
  #announceTools(): void {
    for (const listener of this.#listeners) for (const key of this.#of("tool").keys()) listener(key);
  }

  #of(kind: FactKind): Map<string, Entry> {
    const entries = this.#byKind.get(kind);
    if (entries === undefined) throw new RangeError(`No such kind of fact: ${kind}`);
    return entries;
  }
}
