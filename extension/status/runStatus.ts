/** What the editor knows of a run: plain data, made in the worker and shown by the tree, the status bar and the commands. */
import type { Accuracy } from "../../schemas/accuracy.ts";
import type { Activity, ProgressEvent, RunState, Snapshot } from "../../schemas/protocol.ts";
import type { RunRecord } from "../../schemas/run.ts";
import { isOfEpisodes } from "../../server/training/offline/sources.ts";

/**
 * `connecting`: a server may have the run, nobody has answered yet. `interrupted`: its server went without a word.
 * `elsewhere`: trained on another machine. `unreachable`: a server has it, and cannot be talked to. `unreadable`: its
 * record cannot be read.
 */
export type RunPhase = RunState | "connecting" | "interrupted" | "elsewhere" | "unreachable" | "unreadable";

export interface RunStatus {
  folder: string;
  /** Name of the folder. */
  id: string;
  /** Name of the experiment; the folder's where the record cannot be read. */
  name: string;
  phase: RunPhase;
  /** One sentence on how it ended or why it cannot be read or reached. */
  message?: string;
  /** It ended by a fault of ours. */
  defect?: boolean;
  /** Everything the record says; absent where it cannot be read. */
  details?: RunDetails;
}

export interface RunDetails {
  experimentFile: string;
  preset: string;
  device: string;
  /** Why this device and no other, where the experiment left it open. */
  deviceWhy?: string;
  threads: number;
  created: string;
  /** It learns from episodes, and plays them. */
  ofEpisodes?: boolean;
  /** It trains an adapter in place of the weights. */
  adapter?: boolean;
  /** Last complete step. */
  step: number;
  steps: number;
  activity?: Activity;
  progress?: { done: number; total: number };
  /** Seconds to the end, as the server estimates them. */
  secondsLeft?: number;
  rewardMean?: number;
  accuracyBefore?: Accuracy;
  /** Of the newest evaluation, which may be the one before training. */
  accuracy?: Accuracy;
  hardBefore?: number;
  hardRows?: number;
  probedRows?: number;
  /** It pauses at the next row that a probe finds hard. */
  pauseOnHard?: boolean;
  /** Id of the hard sample that it paused on. */
  pausedOn?: string;
}

/** What a run's store adds to its record. */
export type StoredNumbers = Pick<
  RunDetails,
  "step" | "accuracyBefore" | "accuracy" | "hardBefore" | "hardRows" | "probedRows"
>;

/** What is known of a run's server. */
export type Link =
  | { kind: "none" }
  | { kind: "connecting" }
  | { kind: "elsewhere"; message: string }
  | { kind: "unreachable"; message: string }
  | { kind: "attached"; snapshot: Snapshot; progress: ProgressEvent | undefined };

const live: readonly RunPhase[] = ["running", "pausing", "paused", "stopping"];

export const isLive = ({ phase }: RunStatus): boolean => live.includes(phase);
export const canPause = ({ phase }: RunStatus): boolean => phase === "running";
export const canStop = ({ phase }: RunStatus): boolean =>
  phase === "running" || phase === "pausing" || phase === "paused";
/** Whether resuming makes it go on, by its server or by a new one. */
export const canResume = ({ phase }: RunStatus): boolean =>
  phase === "pausing" || phase === "paused" || phase === "stopped" || phase === "failed" || phase === "interrupted";
/** Whether resuming starts a process. */
export const needsServer = ({ phase }: RunStatus): boolean =>
  phase === "stopped" || phase === "failed" || phase === "interrupted";

/** The status of a run whose record can be read. */
export function statusOf(folder: string, id: string, record: RunRecord, link: Link, stored?: StoredNumbers): RunStatus {
  const { experiment } = record;
  const base = { folder, id, name: record.name };
  const { file: experimentFile, preset, threads, settings } = experiment;
  const chosen = record.plan?.device;
  const computes = { device: chosen?.name ?? experiment.device, ...(chosen && { deviceWhy: chosen.why }) };
  const adapter = settings.adapter.kind === "none" ? {} : { adapter: true };
  const episodes = isOfEpisodes(experiment) ? { ofEpisodes: true } : {};
  const { created } = record;
  const common = {
    experimentFile,
    preset,
    ...computes,
    threads,
    created,
    ...adapter,
    ...episodes,
    steps: settings.steps,
  };
  if (link.kind === "attached") return { ...base, ...liveParts(link), details: { ...common, ...liveNumbers(link) } };
  const details = { ...common, step: record.results?.steps ?? 0, ...stored };
  return { ...base, ...endedParts(record, link), details };
}

function liveParts({ snapshot }: { snapshot: Snapshot }): Pick<RunStatus, "phase" | "message" | "defect"> {
  const { state: phase, message, defect } = snapshot;
  return { phase, ...(message === undefined ? {} : { message }), ...(defect ? { defect } : {}) };
}

type Numbers = Omit<
  RunDetails,
  "experimentFile" | "preset" | "device" | "deviceWhy" | "threads" | "created" | "adapter" | "ofEpisodes" | "steps"
>;

function liveNumbers({ snapshot, progress }: { snapshot: Snapshot; progress: ProgressEvent | undefined }): Numbers {
  const { step, activity, secondsLeft, latest, evaluations, probes, hardRows, pauseOnHard, pausedOn } = snapshot;
  return defined({
    step,
    activity,
    progress: progress && { done: progress.done, total: progress.total },
    secondsLeft: secondsLeft ?? undefined,
    rewardMean: latest?.metrics.rewardMean ?? undefined,
    accuracyBefore: evaluations.before?.accuracy,
    accuracy: evaluations.latest?.accuracy,
    hardBefore: probes.before?.hard,
    hardRows: hardRows ?? undefined,
    probedRows: probes.before?.rows,
    pauseOnHard: pauseOnHard || undefined,
    pausedOn: pausedOn ?? undefined,
  });
}

/** Where nobody can be asked, the record tells; one that says it runs was cut off. */
function endedParts(record: RunRecord, link: Link): Pick<RunStatus, "phase" | "message"> {
  const unfinished = record.state === "running" || record.state === "paused";
  if (unfinished && link.kind === "connecting") return { phase: "connecting" };
  if (unfinished && (link.kind === "elsewhere" || link.kind === "unreachable")) {
    return { phase: link.kind, message: link.message };
  }
  const message = record.message === undefined ? {} : { message: record.message };
  return { phase: unfinished ? "interrupted" : record.state, ...message };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without the keys that are undefined. */
export function defined<T extends object>(value: T): Partial<Defined<T>> & { [K in RequiredKeys<T>]: T[K] } {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries) as Partial<Defined<T>> & { [K in RequiredKeys<T>]: T[K] };
}

type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];
