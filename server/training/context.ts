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
import type { EpisodePhase, EpisodeRecord, LessonRecord } from "../store/episodeRows.ts";
import type { SampleState } from "../store/writer.ts";
import type { Control } from "./control.ts";
import type { Curriculum } from "./curriculum/curriculum.ts";
import type { FewShotAttempt } from "./curriculum/fewShots.ts";
import type { EditSource } from "./curriculum/hands.ts";
import type { PolicyEngine } from "./engine/policyEngine.ts";
import type { JudgedRollout } from "./judge.ts";
import type { Frozen } from "./offline/frozen.ts";
import type { Dataset, DrawnRow, RowRollouts } from "./rows.ts";
import type { Stability } from "./stability.ts";

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
  /** What the epoch of stored turns is learnt against; undefined before the first. */
  frozen: Frozen | undefined;
}

/** One group of a step: a row and its completions with what was learnt from each. */
export interface StepGroup {
  row: DrawnRow;
  rollouts: (JudgedRollout & { advantage: number })[];
  /** Log-probabilities under the reference policy, [completion][token], where the run has a KL term. */
  reference?: Float32Array[];
  /** Log-probabilities as training computes them, before the step's first update, with truncated importance sampling. */
  trainer?: Float32Array[];
}

export interface StepRecord {
  step: number;
  metrics: StepMetrics;
  groups: StepGroup[];
  /** Rows whose state this step changed. */
  states: SampleState[];
  /** What was learnt from stored turns. */
  lessons?: LessonRecord[];
}

/** Where a loop reports. What is shown was stored first: the implementation stores, then tells the clients. */
export interface Recorder {
  activity(activity: Activity, moment?: Moment): void;
  progress(done: number, total: number): void;
  step(record: StepRecord): void;
  /** Rollouts that teach nothing, piece by piece as they come. */
  rollouts(purpose: "evaluation" | "probe", step: number, results: RowRollouts[]): void;
  /** Episodes with their turns: those of the data set, or of an evaluation piece by piece. */
  episodes(phase: EpisodePhase, step: number, records: readonly EpisodeRecord[]): void;
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
