/** What a question of the episodes is made of before it is a line of a file. */
import type { ToolName } from "../../examples/episodes/world.mjs";
import type { ToolCall } from "../../schemas/samples.ts";
import type { Part } from "../quickstart/partition.ts";
import type { Random } from "../quickstart/random.ts";
import type { RowSupply } from "./rowSupply.ts";

/** A call that takes a question one stage further, with its score of the exact judge. */
export interface Use {
  call: ToolCall & { name: ToolName };
  score: number;
}

/** Something that has to be found out before the answer is known. Each of its uses alone is enough. */
export interface Stage {
  /** What is wanted, in words that suit every tool. */
  thought: string;
  uses: Use[];
}

export interface Drawn {
  /** Values of the phrasing's slots. */
  said: Record<string, string | number>;
  stages: Stage[];
  answer: string;
  accept?: string[];
  /** Whether the query alone holds all that the answer needs. */
  reasoned: boolean;
  /** `kind=text` of every value that belongs to one part of the data. */
  free: string[];
}

export interface QuestionKind {
  name: string;
  /** Of all questions; the shares of all kinds sum to 1. */
  share: number;
  phrasings: readonly string[];
  /** Sentences that only held-out questions use. */
  heldOut: readonly string[];
  draw(random: Random, part: Part, rows: RowSupply): Drawn;
}

/** What the exact judge gives: the tool made for it, one that does it too, one that gives more than was asked for. */
export const BEST = 10;
export const GOOD = 8;
export const ROUNDABOUT = 7;

export const use = (score: number, name: ToolName, values: ToolCall["arguments"]): Use => ({
  call: { name, arguments: values },
  score,
});
