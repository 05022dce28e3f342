/** What a record says that other records may contradict or repeat, and the index of it over all files. */
import { hash } from "node:crypto";
import { type Call, callsOf, type Reading, type Sample } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { isExactNumber, isJsonObject } from "../../toolcalls/json.ts";
import type { Origin } from "./scope.ts";

export type FactKind =
  | "tool"
  | "sample-id"
  | "demonstration-id"
  /** Question and gold calls. */
  | "sample"
  | "demonstration"
  /** A tool that a demonstration calls, also one inside a sample. */
  | "demonstrated";

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
];

/** What a file is to an experiment. */
export type FileRole = "train" | "held-out" | "demonstrations" | "tools";

export function factsOf(reading: Reading): RecordFacts {
  const facts: Fact[] = [];
  for (const { name, nameRef } of reading.tools) if (name !== "") facts.push({ kind: "tool", key: name, ref: nameRef });
  for (const sample of reading.samples) {
    facts.push(...identity("sample", sample));
    for (const demonstration of sample.demonstrations) facts.push(...demonstrated(demonstration));
  }
  for (const demonstration of reading.demonstrations) {
    facts.push(...identity("demonstration", demonstration), ...demonstrated(demonstration));
  }
  return { facts };
}

function identity(kind: "sample" | "demonstration", sample: Sample): Fact[] {
  const facts: Fact[] = [];
  if (sample.id !== undefined) facts.push({ kind: `${kind}-id`, key: sample.id, ref: sample.idRef ?? sample.ref });
  const key = contentKey(sample);
  if (key !== undefined) facts.push({ kind, key, ref: sample.queryRef });
  return facts;
}

const demonstrated = (sample: Sample): Fact[] =>
  callsOf(sample).flatMap(({ name, nameRef }) =>
    name === "" ? [] : [{ kind: "demonstrated" as const, key: name, ref: nameRef }],
  );

/** One short text for a question and its answer; undefined for a record without a question. */
export function contentKey(sample: Sample): string | undefined {
  if (sample.query === "") return undefined;
  const turns = sample.turns.length > 1 ? sample.turns.map(({ role, text }) => [role, text]) : sample.query;
  const offered = sample.offer.kind === "own" ? sample.offer.tools.map(({ name }) => name) : [];
  return hash("sha1", canonical([turns, callsOf(sample).map(callKey), offered.sort()]), "base64");
}

export const callKey = (call: Call): string => canonical([call.name, call.arguments]);

/** JSON with sorted keys: one text for equal values. */
function canonical(value: unknown): string {
  if (isExactNumber(value)) return value.rawJSON;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
}

export class FactIndex {
  readonly #occurrences = new Map<string, Set<Occurrence>>();
  readonly #counts = new Map<FactKind, number>();
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
  add(origin: Origin, { facts }: RecordFacts): () => void {
    const added = facts.map((fact): [string, Occurrence] => [indexKey(fact.kind, fact.key), { fact, origin }]);
    const announce = (): void => {
      for (const listener of this.#listeners) for (const { key } of facts) listener(key);
    };
    announce();
    this.#count(facts, 1);
    for (const [key, occurrence] of added) {
      const known = this.#occurrences.get(key);
      if (known === undefined) this.#occurrences.set(key, new Set([occurrence]));
      else known.add(occurrence);
    }
    return () => {
      for (const [key, occurrence] of added) {
        const known = this.#occurrences.get(key);
        known?.delete(occurrence);
        if (known?.size === 0) this.#occurrences.delete(key);
      }
      this.#count(facts, -1);
      announce();
    };
  }

  /** Told every key about which more or less is said from now on. Returns what ends it. */
  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  of(kind: FactKind, key: string): Iterable<Occurrence> {
    return this.#occurrences.get(indexKey(kind, key)) ?? [];
  }

  has(kind: FactKind, key: string): boolean {
    return this.#occurrences.has(indexKey(kind, key));
  }

  /** Whether anything of this kind is known at all. */
  hasAny(kind: FactKind): boolean {
    return (this.#counts.get(kind) ?? 0) > 0;
  }

  #count(facts: readonly Fact[], by: number): void {
    for (const { kind } of facts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + by);
  }
}

const indexKey = (kind: FactKind, key: string): string => `${kind}\n${key}`;
