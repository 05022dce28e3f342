/**
 * What memory a run needs, before any of it is spent: a function of the model's shape and the run's settings.
 *
 * With N numbers of 4 bytes (float32), P parameters, T of them trained (all, or the adapter's beside P; h + 1 more with a value head), h hidden, d_q and d_k the widths of all query and all key heads, a heads, f the
 * feed-forward width, V the vocabulary, l layers, L of the largest projection's weight; for lengths, p tokens of the longest prompt and t of the longest completion.
 * Products in float16 take no more, measured: what they read is rounded for one product at a time, or kept in place of what it was rounded from.
 */
import type { Lora } from "../../lora.ts";
import { adapterShapes } from "../adapter/adapterParameters.ts";
import { FIRST_CAPACITY } from "../decoding/keyValueCaches.ts";
import { decoderCount } from "../decoding/threads/decoderThreads.ts";
import { PREFILL_ROWS } from "../decoding/wave.ts";
import { frozenProjections, frozenSizes } from "../frozen/frozenParameters.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import { countOfShapes, parameterCount } from "../model/parameters.ts";
import { chunkColumns } from "../ops/vocabulary.ts";
import { valueHeadShapes } from "../valueHead/valueHead.ts";

/** Bytes of a float32. */
const F = 4;
/** Node and ONNX Runtime with nothing in them, as measured on Linux x64. */
const PROCESS = 150 * 2 ** 20;
/** A decoding thread with its sessions, as measured there. */
const THREAD = 36 * 2 ** 20;
/** Sessions that the engine has open in the end: update, log-probabilities, prefill, step; and values where there is a value head. */
const SESSIONS = 4;
const sessionsOf = ({ valueHead }: MemorySettings): number => SESSIONS + (valueHead ? 1 : 0);
/** Logits' copies that are alive at once: in the update (log-probabilities, their exponentials, the gradient, one on its way), with an entropy term (its own three), and where nothing is differentiated. */
const UPDATE_LOGITS = 4;
const ENTROPY_LOGITS = 3;
const FORWARD_LOGITS = 2;
/**
 * ONNX Runtime gives the first run of a shape its memory piece by piece and the later ones one block, and keeps both: measured, a second run
 * of the same sizes adds as much as the first.
 */
const ARENAS = 2;
/** Blocks of 4 bits on the host: those that are fed, the decoding step's in a layout of its own, and that step's model while its session is made. */
const PREPARED = 3;
/** The CUDA runtime, its libraries' kernels and workspaces, with nothing in them; as commonly seen. */
const CUDA_CONTEXT = 500 * 2 ** 20;

/** The part of a run's settings that its memory depends on. */
export interface MemorySettings {
  /** p and t, tokens. */
  prompt: number;
  response: number;
  /** G, completions of a prompt. */
  groupSize: number;
  /** Prompts drawn in one call of the engine. */
  prompts: number;
  /** Token rows, padding included, that go through the network at once, if a single completion takes no more. */
  microBatchTokens: number;
  /** Sequences decoded together at most; a group is not cut. */
  maxSequences: number;
  /** Whether a KL term reads the policy that the run began with. */
  reference: boolean;
  /** Whether the loss has an entropy term. */
  entropy: boolean;
  /** Whether an update makes each layer's results again instead of keeping them. */
  checkpointing: boolean;
  lora: Lora | undefined;
  /** Whether there is a value head, and with it a pass that asks for values; false by default. */
  valueHead?: boolean;
  /** Of the CPU. */
  threads: number;
}

/** Bytes by what they are for. */
export interface MemoryParts {
  /** The process, the rotary tables of its sessions, and threads that decode: 150 MiB + 4 or 5 sessions · 3·positions·d_head + 36 MiB each. */
  process: number;
  /**
   * P, and an adapter's T. Of projections in float16, 2 bytes for each number; in blocks of 4 bits, their bytes, 1/2 + 4/block + 1/(2·block)
   * for each number, PREPARED times.
   */
  weights: number;
  /**
   * Where projections are in float16 or in blocks: L for each session, in which one product at a time reads its weight as float32; and twice more in the
   * update's, whose gradient reads it too, and which lays what it keeps into the places that matrices have left.
   */
  unpacked: number;
  /** The gradient, that of one micro-batch beside it, and what the session makes them from, twice (ARENAS): see `sessionGradients`. */
  gradients: number;
  /** AdamW's two moments: 2T. */
  optimizer: number;
  /** The weights the run began with, where a KL term reads them: P; nothing where an adapter is trained, whose reference is without it. */
  reference: number;
  /** What a micro-batch leaves behind for its gradient: see `activations`. */
  activations: number;
  /** Scoring without a gradient: see `scoring`. */
  scoring: number;
  /** Keys and values of the sequences under way, and the distributions over their next tokens: see `sampling`. */
  sampling: number;
}

/**
 * Bytes on a graphics card. Weights stay there, those of the reference too, and AdamW's moments (2T); beside them what one session at a time
 * computes with, the largest of them, and in an update the gradient's sum over its micro-batches (T). Nothing counts twice, since WebGPU
 * has no memory patterns. Not yet held against a measured card.
 */
export function cardBytes(config: ModelConfig, settings: MemorySettings): number {
  const { weights, reference, optimizer } = memoryParts(config, settings);
  const once = weights - weightBytes(config, settings, PREPARED) + weightBytes(config, settings, 1);
  const gradients = F * (trainedCount(config, settings) + sessionGradients(config, settings));
  const update = gradients + activations(config, settings) / ARENAS + largestMatrix(config, settings);
  const session = Math.max(update, scoring(config, settings) / ARENAS, sampling(config, settings));
  return once + reference + optimizer + session;
}

/**
 * Bytes on a card that CUDA computes on. Every session has a memory of its own there, which gives nothing back: the weights, fed or
 * its constants, and what it computes with, as on the host. Not yet held against a measured card.
 */
export function cudaBytes(config: ModelConfig, settings: MemorySettings): number {
  const fed = weightBytes(config, settings, 1) + (settings.lora ? F * trainedCount(config, settings) : 0);
  const sessions = settings.reference ? SESSIONS : SESSIONS - 1;
  const update = activations(config, settings) + ARENAS * F * sessionGradients(config, settings);
  const scored = settings.reference ? scoring(config, settings) : 0;
  const matrices = (sessions + 2) * largestMatrix(config, settings);
  return CUDA_CONTEXT + sessions * fed + matrices + update + scored + sampling(config, settings);
}

/** @returns bytes of each part; their sum is what the engine's process takes at most */
export function memoryParts(config: ModelConfig, settings: MemorySettings): MemoryParts {
  const P = F * parameterCount(config);
  const T = F * trainedCount(config, settings);
  return {
    process:
      PROCESS + sessionsOf(settings) * F * 3 * config.maxPositions * config.headSize + decoding(config, settings),
    weights: weightBytes(config, settings, PREPARED) + (settings.lora ? T : 0),
    unpacked: (sessionsOf(settings) + 2) * largestMatrix(config, settings),
    gradients: 2 * T + ARENAS * F * sessionGradients(config, settings),
    optimizer: 2 * T,
    reference: settings.reference && !settings.lora ? P : 0,
    activations: activations(config, settings),
    scoring: settings.reference || settings.valueHead ? scoring(config, settings) : 0,
    sampling: sampling(config, settings),
  };
}

function decoding(config: ModelConfig, { threads }: MemorySettings): number {
  const decoders = decoderCount("cpu", threads, parameterCount(config));
  return decoders > 1 ? decoders * THREAD : 0;
}

/** @param prepared how often blocks of 4 bits are there */
function weightBytes(config: ModelConfig, { lora }: MemorySettings, prepared: number): number {
  if (lora?.frozen === undefined) return F * parameterCount(config);
  const { numbers, bytes } = frozenSizes(config, lora.frozen);
  return F * (parameterCount(config) - numbers) + (lora.frozen.kind === "blocks" ? prepared : 1) * bytes;
}

/** Of the projections that are not kept in float32; 0 where there are none. */
function largestMatrix(config: ModelConfig, { lora }: MemorySettings): number {
  if (lora?.frozen === undefined) return 0;
  return F * Math.max(...frozenProjections(config).map(({ out, input }) => out * input));
}

/** Numbers that are trained. */
const trainedCount = (config: ModelConfig, { lora, valueHead }: MemorySettings): number =>
  (lora ? countOfShapes(adapterShapes(config, lora)) : parameterCount(config)) +
  (valueHead ? countOfShapes(valueHeadShapes(config)) : 0);

/** Numbers in the session: T, and where the embedding is trained 3Vh, since its gradient is added up beside zeros and beside the head's. */
const sessionGradients = (config: ModelConfig, settings: MemorySettings): number =>
  trainedCount(config, settings) + (settings.lora ? 0 : 3 * config.vocabulary * config.hidden);

export const totalOf = (parts: MemoryParts): number => Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);

/** A micro-batch as microBatch.ts cuts it where every text is as long as it may be: C completions of B prompts. */
export function largestMicroBatch({ prompt, response, groupSize, prompts, microBatchTokens }: MemorySettings) {
  const together = Math.min(groupSize, Math.max(1, Math.floor((microBatchTokens - (prompt - 1)) / response)));
  const unit = prompt - 1 + together * response;
  const B = Math.min(prompts, Math.max(1, Math.floor(microBatchTokens / unit)));
  return { B, completions: B * together, rows: B * unit, completionRows: B * together * response };
}

/**
 * Each layer keeps, of each row, the inputs of its norms and products (4h + 3d_q + 2d_k) and the five arrays of the gated activation
 * (5f); of each completion, its prompt's keys and values beside its own (2d_k·(p + t)) and its attention weights (a·t·(p + t)); of each
 * prompt, its attention weights (a·p²). On the way back one layer's gradients of the same sizes join them, and 4V of each completion
 * row, or 7V with an entropy term, V being the columns of one chunk. With checkpointing a layer keeps its input alone (h of each
 * row), and one is whole. All of it twice (ARENAS).
 */
function activations(config: ModelConfig, settings: MemorySettings): number {
  const { layers, hidden } = config;
  const { rows, completionRows } = largestMicroBatch(settings);
  const kept = settings.checkpointing ? F * layers * rows * hidden : (layers - 1) * layerBytes(config, settings);
  const logits = UPDATE_LOGITS + (settings.entropy ? ENTROPY_LOGITS : 0);
  const columns = chunkColumns(config.vocabulary, settings.microBatchTokens);
  return ARENAS * (kept + 2 * layerBytes(config, settings) + F * logits * completionRows * columns);
}

/** One layer at a time, and 2V of each completion row, V being the columns of one chunk, twice (ARENAS). */
function scoring(config: ModelConfig, settings: MemorySettings): number {
  const { completionRows } = largestMicroBatch(settings);
  const columns = chunkColumns(config.vocabulary, settings.microBatchTokens);
  return ARENAS * (layerBytes(config, settings) + F * FORWARD_LOGITS * completionRows * columns);
}

function layerBytes(config: ModelConfig, settings: MemorySettings): number {
  const { hidden: h, heads: a, intermediate: f } = config;
  const { queries, keys } = widths(config);
  const { B, completions, rows } = largestMicroBatch(settings);
  const p = settings.prompt - 1;
  const t = settings.response;
  const perRow = 4 * h + 3 * queries + 2 * keys + 5 * f;
  const attention = completions * (p + t) * (2 * keys + a * t) + B * a * p * p;
  return F * (rows * perRow + attention);
}

/**
 * S sequences of B prompts: l·2d_k·(B·p + S·c), where c is the least 32·2ⁿ above t, since caches grow by doubling, and one of them
 * twice while it grows. In the sessions, twice (ARENAS): 3V of each sequence and its attention weights; and of the up to PREFILL_ROWS rows that are
 * prefilled at once, a layer's arrays and all keys and values before they are put together.
 */
function sampling(config: ModelConfig, { prompt, response, groupSize, prompts, maxSequences }: MemorySettings): number {
  const { layers, vocabulary, heads: a, hidden: h, intermediate: f } = config;
  const { queries, keys } = widths(config);
  const p = prompt - 1;
  const B = Math.min(prompts, Math.max(1, Math.floor(maxSequences / groupSize)));
  const S = B * groupSize;
  const capacity = FIRST_CAPACITY * 2 ** Math.max(0, Math.ceil(Math.log2((response + 1) / FIRST_CAPACITY)));
  const caches = (layers * 2 + 1) * keys * (B * p + S * capacity);
  const atOnce = Math.min(B, Math.max(1, Math.floor(PREFILL_ROWS / p)));
  const prefill = atOnce * (p * (4 * h + 3 * queries + 2 * keys + 5 * f + 2 * layers * keys) + 2 * a * p * p);
  const step = S * (3 * vocabulary + 3 * a * (p + response));
  return F * (caches + ARENAS * (prefill + step));
}

const widths = ({ heads, keyValueHeads, headSize }: ModelConfig) => ({
  queries: heads * headSize,
  keys: keyValueHeads * headSize,
});
