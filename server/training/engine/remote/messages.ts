/** What the training server and its engine process say to each other (JSON-RPC over the fork's channel, typed arrays included). */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc/node";
import type { TrainingDevice } from "../../../../schemas/devices.ts";
import type { Place } from "../../../../schemas/problem.ts";
import type { Objective } from "../../objectives/objective.ts";
import type { Lora } from "../lora.ts";
import type {
  Completion,
  EngineInfo,
  EngineLimits,
  Group,
  Prompt,
  Sampling,
  UpdateMetrics,
  UpdateRequest,
} from "../policyEngine.ts";

/** What an engine is made from. */
export interface EngineOptions {
  /** Hugging Face model directory. */
  model: string;
  device: TrainingDevice;
  threads: number;
  seed: number;
  optimizer: { beta1: number; beta2: number; epsilon: number; weightDecay: number; maxGradNorm: number };
  microBatchTokens: number;
  /** What the products of linear layers are computed in, in training; float32 by default. */
  precision?: "f32" | "f16";
  /** Whether a layer's results are computed again for its gradient instead of being kept. */
  checkpointing?: boolean;
  /** What is trained in place of the policy's weights; without it, all of them are. */
  adapter?: Lora;
  /** PEFT adapter directory that the adapter starts from. */
  initialAdapter?: string;
  /** Whether states have values, which the objective "ppo" learns. */
  valueHead?: boolean;
  /** Positions of the run's longest sequence: no other costs memory, and what the policy lacks is said before it is loaded. */
  positions?: number;
  /** Sequences decoded together at most. */
  maxSequences: number;
  /** Objective of the run, so that only its graphs are built. */
  objective?: Objective;
}

export interface GenerateParams {
  /** Number of the call, which its completions carry. */
  call: number;
  prompts: Prompt[];
  n: number;
  sampling: Sampling;
}

export interface LogprobsParams {
  groups: Group[];
  policy: "current" | "reference";
  temperature: number;
}

export interface DrawnCompletion {
  call: number;
  completion: Completion;
}

/** Rides on an error: what the error's class and fields were on the other side. */
export interface ErrorData {
  input?: boolean;
  place?: Place;
  /** System error code such as ENOSPC. */
  code?: string;
  stack?: string;
}

export const Create = new RequestType<EngineOptions, EngineInfo, ErrorData>("create");
export const Generate = new RequestType<GenerateParams, null, ErrorData>("generate");
export const Logprobs = new RequestType<LogprobsParams, Float32Array[][], ErrorData>("logprobs");
export const Values = new RequestType<{ groups: Group[] }, Float32Array[][], ErrorData>("values");
export const Update = new RequestType<UpdateRequest, UpdateMetrics, ErrorData>("update");
export const Limit = new RequestType<EngineLimits, null, ErrorData>("limit");
export const Save = new RequestType<{ dir: string }, null, ErrorData>("save");
export const Load = new RequestType<{ dir: string }, null, ErrorData>("load");
export const ExportModel = new RequestType<{ dir: string; dtype: "f32" | "bf16" }, null, ErrorData>("exportModel");
export const ExportAdapter = new RequestType<{ dir: string }, null, ErrorData>("exportAdapter");
export const Dispose = new RequestType0<null, ErrorData>("dispose");
export const Drawn = new NotificationType<DrawnCompletion>("drawn");

/** The environment variable that names another engine: a module exporting `createEngine(options)`. For tests and trials. */
export const ENGINE_MODULE = "TOOLEXPANDER_ENGINE";
