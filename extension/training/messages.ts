/** The conversation between the extension host and its training worker: JSON-RPC over the worker's port. */
import { NotificationType, RequestType } from "vscode-jsonrpc/node";
import type { CheckedDevice, DeviceDecision, DeviceReport } from "../../schemas/devices.ts";
import type { DeviceChoice } from "../../schemas/experiment.ts";
import type { EditEvent } from "../../schemas/protocol.ts";
import type { RunStatus } from "../status/runStatus.ts";

/** What the worker is made with. */
export interface WorkerSetup {
  extension: string;
  storage: string;
  version: string;
}

/** Where runs may be: experiments name a folder of runs each, and a run's record lies in a run folder. */
export interface Sources {
  experiments: string[];
  records: string[];
}

/** The Node that trains: the editor's own where none is set. */
export interface ServerChoice {
  nodePath?: string;
  /** Start it so that a debugger can be attached. */
  inspect?: boolean;
}

export interface StartParams extends ServerChoice {
  experiment: string;
  /** In place of the experiment's. */
  device?: DeviceChoice;
  /** Absolute paths of folders that the experiment may name files of, besides its own project. */
  allow?: string[];
  /** Also where a run of the same experiment lives already. */
  another: boolean;
}

export interface ResumeParams extends ServerChoice {
  folder: string;
}

/** What the worker is doing about a start. */
export type StartPhase = "waiting" | "copying" | "checking" | "testing" | "starting";

export type StartResult =
  /** `inspector` is the port a debugger attaches to, on the loopback address. */
  | { kind: "live"; folder: string; inspector?: number }
  /** The server ended before anyone could connect; a run of a few steps may. */
  | { kind: "ended"; folder: string }
  /** Folders of living runs of the same experiment; nothing was started. */
  | { kind: "twins"; folders: string[] };

/** Times that no completion of a group was correct. */
export interface HardCounts {
  /** By id. */
  samples: Record<string, number>;
  /** By name, of the gold calls of these samples. */
  tools: Record<string, number>;
}

/** What a hard sample is now, the researcher's edits first. */
export type HardState = "hard" | "few-shots" | "no-candidates" | "unverified" | "retired" | "edited" | "excluded";

export interface HardSample {
  sample: string;
  /** What its user asks, shortened; empty where it is not known. */
  query: string;
  state: HardState;
  /** Whether it counts as hard now, also while an edit stands in for it. */
  hard: boolean;
  /** Probes that looked at it, and those in which no rollout was correct. */
  probes: number;
  failed: number;
}

/** The hard samples whose gold calls name a tool, those that failed most often first. */
export interface HardTool {
  /** Null for samples without a gold call, and where gold calls are not known. */
  tool: string | null;
  /** How many of its samples are hard now. */
  hard: number;
  samples: HardSample[];
  /** Samples that were left out because there are too many. */
  more: number;
}

export interface HardSamples {
  /** The tool with the most hard samples first. */
  tools: HardTool[];
  /** Samples that are hard now; one with several tools counts once. */
  hard: number;
  /** Whether any probe is over, or has found something: before that nobody knows what is hard. */
  known: boolean;
  /** Why tools are not known, one sentence. */
  problem?: string;
}

/** One thing that happened to a sample. */
export type SampleEvent =
  | { what: "probe"; step: number; rollouts: number; correct: number }
  /** Choices of demonstrations that a round made for it; `correct` of the chosen one, where it was tried. */
  | {
      what: "few-shots";
      step: number;
      round: number;
      choices: number;
      chosen: boolean;
      rollouts: number;
      correct: number;
    }
  | { what: "edit"; step: number; action: EditEvent["action"]; reason: string | null }
  | { what: "drawn"; step: number; version: string; times: number }
  | { what: "retired"; step: number };

/** A model of the Hugging Face cache. */
export interface CachedModelItem {
  /** `org/name`, which an experiment may name. */
  id: string;
  family: string;
  dtype: string;
  /** Size of its weights, as a person reads it. */
  size: string;
  /** Whether the system message tells it of its tools, since its chat template has no form of calls that rewards read. */
  told: boolean;
  /** Why it cannot be trained; absent where it can. */
  problem?: string;
}

export interface CachedModels {
  /** The cache's folder, whether or not it is there. */
  cache: string;
  /** Those that can be trained first. */
  models: CachedModelItem[];
}

/** Tests devices, in this order, all where none are named. What is found is told under the check's number as it comes. */
export interface CheckParams {
  check: number;
  devices?: CheckedDevice[];
}

export const StartRun = new RequestType<StartParams, StartResult, unknown>("start");
export const ResumeRun = new RequestType<ResumeParams, StartResult, unknown>("resume");
export const PauseRun = new RequestType<{ folder: string }, null, unknown>("pause");
/** Answers whether it will, or else why not. */
export const PauseOnHard = new RequestType<
  { folder: string; on: boolean },
  { on: boolean; reason: string | null },
  unknown
>("pauseOnHard");
export const StopRun = new RequestType<{ folder: string }, null, unknown>("stop");
/** Settles when every server that was found has answered. */
export const Look = new RequestType<Sources, RunStatus[], unknown>("look");
export const ListHard = new RequestType<{ folder: string }, HardSamples, unknown>("listHard");
export const TellHard = new RequestType<{ folder: string; sample: string }, SampleEvent[], unknown>("tellHard");
export const ListModels = new RequestType<Record<string, never>, CachedModels, unknown>("listModels");
export const CountHard = new RequestType<{ folder: string }, HardCounts, unknown>("countHard");

export const CheckDevices = new RequestType<CheckParams, DeviceDecision, unknown>("checkDevices");

export const DeviceStage = new NotificationType<{ check: number; device: CheckedDevice; stage: string }>("deviceStage");
export const DeviceReported = new NotificationType<{ check: number; report: DeviceReport }>("deviceReported");
export const RunsChanged = new NotificationType<RunStatus[]>("runs");
export const StartPhaseChanged = new NotificationType<StartPhase>("startPhase");
export const Trouble = new NotificationType<string>("trouble");
