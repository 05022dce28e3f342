/**
 * Where few-shots come from: not from a teacher, but from the other training rows and the demonstrations file, by the tools
 * that their answers call (ToolExpander §3.1).
 */
import type { Demonstration, Sample, ToolCall } from "../../../schemas/samples.ts";
import { sameCalls } from "../../toolcalls/compare.ts";
import { isExactNumber } from "../../toolcalls/json.ts";

/** A random number below `bound`, whole. */
export type Draw = (bound: number) => number;

/** Entries that call one tool. Those with equal answers stand together, so that one answer is left out by leaving out a gap. */
interface Shelf {
  entries: Int32Array;
  /** Answer numbers of the entries, ascending. */
  answers: Int32Array;
}

export class DemonstrationPool {
  readonly #entries: Demonstration[];
  readonly #shelves = new Map<string, Shelf>();
  readonly #numbers = new AnswerNumbers();

  /** @param samples training rows with the golds in force */
  constructor(samples: readonly Sample[], demonstrations: readonly Demonstration[]) {
    this.#entries = [...samples.map(({ id, query, answer }) => ({ id, query, answer })), ...demonstrations];
    const numbers = this.#entries.map(({ answer }) => this.#numbers.of(answer));
    const byTool = new Map<string, number[]>();
    for (const [entry, { answer }] of this.#entries.entries()) {
      for (const tool of new Set(answer.map(({ name }) => name))) {
        const shelf = byTool.get(tool);
        if (shelf) shelf.push(entry);
        else byTool.set(tool, [entry]);
      }
    }
    const number = (entry: number): number => numbers[entry] as number;
    for (const [tool, entries] of byTool) {
      const sorted = Int32Array.from(entries).sort((a, b) => number(a) - number(b) || a - b);
      this.#shelves.set(tool, { entries: sorted, answers: sorted.map(number) });
    }
  }

  /** The number that answers equal to this one have in the pool; undefined where none is. */
  answerNumber(answer: readonly ToolCall[]): number | undefined {
    return this.#numbers.find(answer);
  }

  /** How many entries show a tool and have another answer than the one with the number `own`. */
  candidates(tool: string, own: number | undefined): number {
    const shelf = this.#shelves.get(tool);
    if (!shelf) return 0;
    const [from, to] = gapOf(shelf, own);
    return shelf.entries.length - (to - from);
  }

  /**
   * Up to `count` different entries that show a tool, none with the answer numbered `own` and none of `taken`, which they join.
   *
   * @param draw decides which: equal draws give equal entries
   */
  pick(tool: string, own: number | undefined, count: number, taken: Set<number>, draw: Draw): Demonstration[] {
    const shelf = this.#shelves.get(tool);
    if (!shelf) return [];
    const [from, to] = gapOf(shelf, own);
    const size = shelf.entries.length - (to - from);
    const at = (place: number): number => shelf.entries[place < from ? place : place + (to - from)] as number;
    const picked: Demonstration[] = [];
    while (picked.length < count) {
      const start = size === 0 ? 0 : draw(size);
      let entry: number | undefined;
      // A place that is taken gives way to the next one that is not.
      for (let step = 0; step < size && entry === undefined; step++) {
        const candidate = at((start + step) % size);
        if (!taken.has(candidate)) entry = candidate;
      }
      if (entry === undefined) break;
      taken.add(entry);
      picked.push(this.#entries[entry] as Demonstration);
    }
    return picked;
  }
}

/** Places of a shelf that hold the answer with this number. */
function gapOf({ answers }: Shelf, own: number | undefined): [from: number, to: number] {
  if (own === undefined) return [0, 0];
  const from = firstNotBelow(answers, own);
  return [from, firstNotBelow(answers, own + 1)];
}

/** Numbers for answers, the same for all that are equal as the rewards judge it: two spellings of one number are one answer. */
class AnswerNumbers {
  readonly #buckets = new Map<string, { answer: readonly ToolCall[]; number: number }[]>();
  #next = 0;

  find(answer: readonly ToolCall[]): number | undefined {
    return this.#buckets.get(bucketOf(answer))?.find((known) => sameCalls(known.answer, answer))?.number;
  }

  of(answer: readonly ToolCall[]): number {
    const known = this.find(answer);
    if (known !== undefined) return known;
    const bucket = bucketOf(answer);
    const entry = { answer, number: this.#next++ };
    const others = this.#buckets.get(bucket);
    if (others) others.push(entry);
    else this.#buckets.set(bucket, [entry]);
    return entry.number;
  }
}

/** Equal answers have equal buckets: names, keys and the values that are neither lists nor objects, in an order of their own. */
function bucketOf(answer: readonly ToolCall[]): string {
  const calls = answer.map(({ name, arguments: args }) => {
    const values = Object.entries(args).map(([key, value]) => `${key}=${plainValue(value)}`);
    return `${name}(${values.sort().join("\u0001")})`;
  });
  return calls.sort().join("\u0002");
}

function plainValue(value: unknown): string {
  // Numbers that are equal as decimals are equal as doubles.
  if (isExactNumber(value)) return String(Number(value.rawJSON));
  return typeof value === "object" && value !== null ? "" : String(value);
}

function firstNotBelow(sorted: Int32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
