/** What a loop works with: the run's configuration, its rows, the engine, a person's wishes, and where results go. */
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import type {
  Activity,
  CollapseEvent,
  EvaluationEvent,
  HardEvent,
  LogEvent,
  Moment,
  ProbeEvent,
  RoundEvent,
  StepMetrics,
} from "../../schemas/protocol.ts";
import type { Demonstration, Sample } from "../../schemas/samples.ts";
import type { Rendered, ShownDemonstration } from "../prompts/promptRenderer.ts";
import type { SampleState } from "../store/writer.ts";
import type { ToolMap } from "../toolcalls/catalog.ts";
import type { Control } from "./control.ts";
import type { Curriculum } from "./curriculum/curriculum.ts";
import type { FewShotAttempt } from "./curriculum/giveFewShots.ts";
import type { EditSource } from "./curriculum/hands.ts";
import type { PolicyEngine } from "./engine/policyEngine.ts";
import type { Judge, JudgedRollout } from "./judge.ts";
import type { Stability } from "./stability.ts";

export type { SampleState };

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

export interface Dataset {
  train: Row[];
  heldOut: Row[];
  tools: ToolMap;
  /** Of the demonstrations file. */
  demonstrations: Demonstration[];
  /** The prompt of a sample with demonstrations in place of its own; undefined where it is longer than its budget. */
  fewShotPrompt(sample: Sample, demonstrations: readonly ShownDemonstration[]): Rendered | undefined;
  /** The completion a supervised run learns for a row, ending in the end-of-sequence token. */
  target(row: Row): { text: string; tokens: Int32Array };
  judge: Judge;
}

/** Everything of a run that is neither configuration nor weights. Kept in every checkpoint. */
export interface Progress {
  /** Last complete step. */
  step: number;
  /** Whether evaluation and probe before the first step are done. */
  begun: boolean;
  /** Step of the latest evaluation between steps, so that one a stop broke off is made up for. */
  evaluated: number;
  readonly curriculum: Curriculum;
  readonly stability: Stability;
}

/** One group of a step: a row and its completions with what was learnt from each. */
export interface StepGroup {
  row: DrawnRow;
  rollouts: (JudgedRollout & { advantage: number })[];
  /** Log-probabilities under the reference policy, [completion][token], where the run has a KL term. */
  reference?: Float32Array[];
}

export interface StepRecord {
  step: number;
  metrics: StepMetrics;
  groups: StepGroup[];
  /** Rows whose state this step changed. */
  states: SampleState[];
}

export interface RowRollouts<R extends Row = Row> {
  row: R;
  rollouts: JudgedRollout[];
}

/** Where a loop reports. What is shown was stored first: the implementation stores, then tells the clients. */
export interface Recorder {
  activity(activity: Activity, moment?: Moment): void;
  progress(done: number, total: number): void;
  step(record: StepRecord): void;
  /** Rollouts that teach nothing, piece by piece as they come. */
  rollouts(purpose: "evaluation" | "probe", step: number, results: RowRollouts[]): void;
  evaluation(event: EvaluationEvent): void;
  /** @param states rows that are in another state since this probe */
  probe(event: ProbeEvent, states: SampleState[]): void;
  /** Hard rows while the probe that finds them goes on. */
  hard(event: HardEvent): void;
  /** Choices of demonstrations that were made at the border before a round. */
  fewShots(step: number, round: number, attempts: readonly FewShotAttempt[]): void;
  /** @param states what became of the hard rows */
  round(event: RoundEvent, states: SampleState[]): void;
  /** Rows whose state an edit changed. */
  edited(step: number, states: SampleState[]): void;
  /** @returns false where it is on record already, as in a replay */
  collapse(event: CollapseEvent): boolean;
  log(level: LogEvent["level"], message: string): void;
}

export interface Run {
  /** The run folder. */
  readonly folder: string;
  readonly experiment: ResolvedExperiment;
  readonly data: Dataset;
  readonly engine: PolicyEngine;
  readonly control: Control;
  readonly recorder: Recorder;
  readonly progress: Progress;
  readonly edits: EditSource;
  /** Writes a checkpoint of the weights and `progress` as they are now, unless the newest one holds just that. */
  saveCheckpoint(): Promise<void>;
}
