/** The few-shot prompts of a round, made again from the attempt that each row got: a checkpoint keeps no text. */
import type { Settings } from "../../../schemas/experiment.ts";
import type { Sample, ToolCall } from "../../../schemas/samples.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import type { Dataset } from "../rows.ts";
import { DemonstrationPool } from "./demonstrationPool.ts";
import { construct, type FewShotSource } from "./fewShots.ts";
import type { Hands } from "./hands.ts";
import type { Round } from "./rounds.ts";

/** Tokens of prompts that are kept: a row is drawn once or twice a round, and making its prompt takes a millisecond. */
const KEPT_TOKENS = 4_000_000;

/** What few-shots of one round are made from, and the rows they are made for, with the golds of its beginning. */
export interface RoundSource extends FewShotSource {
  sampleOf(row: number): Sample;
}

type Golds = ReadonlyMap<number, readonly ToolCall[]>;

export class FewShotPrompts {
  readonly #seed: number;
  readonly #settings: Settings["curriculum"];
  readonly #data: Pick<Dataset, "train" | "demonstrations" | "fewShotPrompt">;
  readonly #hands: Hands;
  #source: { golds: Golds; source: RoundSource } | undefined;
  #kept = new Map<number, Rendered>();
  #tokens = 0;

  constructor(
    seed: number,
    settings: Settings["curriculum"],
    data: Pick<Dataset, "train" | "demonstrations" | "fewShotPrompt">,
    hands: Hands,
  ) {
    this.#seed = seed;
    this.#settings = settings;
    this.#data = data;
    this.#hands = hands;
  }

  /** Another round begins. */
  forget(): void {
    this.#kept = new Map();
    this.#tokens = 0;
  }

  promptOf({ number: round, firstStep }: Round, row: number, attempt: number): Rendered {
    const known = this.#kept.get(row);
    if (known) return known;
    const source = this.sourceOf(firstStep);
    const made = construct(source, source.sampleOf(row), { seed: this.#seed, round, sample: row, attempt });
    if (typeof made === "string") throw new Error(`The few-shots of row ${row} cannot be made again: ${made}`);
    this.#tokens += made.prompt.tokens.length;
    if (this.#tokens <= KEPT_TOKENS) this.#kept.set(row, made.prompt);
    return made.prompt;
  }

  /** What few-shots are made from in a round that begins with this step. */
  sourceOf(firstStep: number): RoundSource {
    const golds = this.#hands.goldsBefore(firstStep);
    if (this.#source === undefined || !sameGolds(this.#source.golds, golds)) {
      this.#source = { golds, source: this.#sourceWith(golds) };
    }
    return this.#source.source;
  }

  #sourceWith(golds: Golds): RoundSource {
    const samples = this.#data.train.map(({ sample, index }) => {
      const gold = golds.get(index);
      return gold ? { ...sample, answer: [...gold] } : sample;
    });
    return {
      pool: new DemonstrationPool(samples, this.#data.demonstrations),
      settings: this.#settings,
      render: (sample, shown) => this.#data.fewShotPrompt(sample, shown),
      sampleOf: (row) => {
        const sample = samples[row];
        if (!sample) throw new RangeError(`No training row ${row}`);
        return sample;
      },
    };
  }
}

/** Golds come out of the same edits, so equal ones are the same arrays. */
const sameGolds = (a: Golds, b: Golds): boolean =>
  a.size === b.size && [...a].every(([row, gold]) => b.get(row) === gold);
