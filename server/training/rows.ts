/** The rows of an experiment, as they are read, drawn and judged. */
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import type { Rendered, ShownDemonstration } from "../prompts/promptRenderer.ts";
import type { ToolMap } from "../toolcalls/catalog.ts";
import type { Judge, JudgedRollout } from "./judge.ts";
import type { EpisodeData } from "./offline/data.ts";

/** A sample with its prompt in tokens. */
export interface Row {
  /** Place in its file, from 0: the row's part of a random key. */
  index: number;
  sample: Sample;
  prompt: Rendered;
  /** The row's part of a random key, where it is not its index: two versions of a row in one step share no stream. */
  stream?: number;
}

/** How a row was put in the step that drew it. */
export type RowVersion = "raw" | "few-shot" | "edited";

/** A row as a step draws it: its sample has the gold in force, its prompt is the version's. */
export interface DrawnRow extends Row {
  version: RowVersion;
  round: number;
  /** Which choice of demonstrations it is, from 0; of a few-shot version that the algorithm made. */
  attempt?: number;
  /** Sequence of the researcher's edit that is in force for it. */
  edit?: number;
}

/** What supervised training learns to write behind a prompt. */
export interface Lesson {
  prompt: Int32Array;
  /** Ends in the end-of-sequence token. */
  target: Int32Array;
}

export interface Dataset {
  train: Row[];
  heldOut: Row[];
  tools: ToolMap;
  /** Of the demonstrations file. */
  demonstrations: Demonstration[];
  /** The prompt of a sample with demonstrations in place of its own; undefined where it is longer than its budget. */
  fewShotPrompt(sample: Sample, demonstrations: readonly ShownDemonstration[]): Rendered | undefined;
  /** What a supervised run learns: the gold answers of the training rows, or the stored turns. */
  lessons: { count: number; at(index: number): Lesson };
  /** Steps of the run. */
  steps: number;
  /** Where the experiment is of episodes; there are no rows then. */
  episodes?: EpisodeData;
  /** What a person should know of how the data is put, a sentence each. */
  notes: readonly string[];
  judge: Judge;
  /**
   * Another judge of the same reward, for rollouts that are none of the run's: it puts nothing on record, and shares no thread
   * with the first, in which a researcher's own reward may keep a state.
   *
   * @throws InputError where the researcher's own reward cannot be loaded
   */
  judgeApart(): Promise<Judge>;
}

export interface RowRollouts<R extends Row = Row> {
  row: R;
  rollouts: JudgedRollout[];
}
