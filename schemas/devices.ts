/** What is found out about the devices of a machine, and what a run takes from it. */
import { type Static, Type } from "@sinclair/typebox";
import { literals, strict, text } from "./fields.ts";

const amount = Type.Number({ minimum: 0 });

/** Devices that policies are trained on; CUDA needs libraries that are not part of the package. */
export const TRAINING_DEVICES = ["cpu", "webgpu", "cuda"] as const;
/** Devices that are looked at. */
export const CHECKED_DEVICES = TRAINING_DEVICES;

export type TrainingDevice = (typeof TRAINING_DEVICES)[number];
export type CheckedDevice = (typeof CHECKED_DEVICES)[number];

const finding = <const K extends string, P extends Record<string, ReturnType<typeof Type.Number> | typeof text>>(
  kind: K,
  parts: P,
) => Type.Object({ kind: Type.Literal(kind), ...parts }, strict);

/** What the process of a self-test tells, one thing at a time: it may die or hang after any of them. */
export const DeviceFinding = Type.Union([
  finding("stage", { name: text }),
  /** Not in this build of the runtime. */
  finding("absent", { backends: text }),
  /** Largest difference to float64, relative to the largest value. */
  finding("correct", { check: text, error: amount }),
  finding("wrong", { check: text, error: amount }),
  finding("latency", { milliseconds: amount }),
  finding("f32", { gflops: amount }),
  finding("f16", { gflops: amount }),
  /** Why weights in 4 bits, or in float16, cannot be computed with; empty where they can. */
  finding("int4", { problem: text }),
  finding("float16", { problem: text }),
  finding("copies", { toDevice: amount, fromDevice: amount }),
  finding("training", { tokens: amount }),
  /** Nodes of a graph by operator, before the runtime's log tells where they went. */
  Type.Object({ kind: Type.Literal("graph"), operators: Type.Record(text, Type.Integer({ minimum: 0 })) }, strict),
  finding("failed", { stage: text, message: text }),
  finding("done", {}),
]);

/**
 * `works`: computes rightly. `software`: it does, on the CPU's cores. `wrong`: it computes, but not rightly. `failed`: it is there
 * and does not compute. `absent`: something that it needs is missing.
 */
export const DeviceState = literals("works", "software", "wrong", "failed", "absent");

/** Where the nodes of the engine's graphs run. */
export const Placement = Type.Object(
  {
    /** Kinds of operators in the engine's graphs of which every node runs on the device. */
    onDevice: Type.Array(text),
    /** Of all graphs, as the runtime has optimized them. */
    nodes: Type.Integer({ minimum: 0 }),
    /** Nodes that fall back to the CPU, by operator. */
    onCpu: Type.Record(text, Type.Integer({ minimum: 1 })),
  },
  strict,
);

export const DeviceReport = Type.Object(
  {
    device: literals(...CHECKED_DEVICES),
    state: DeviceState,
    /** Name of the processor or graphics card, where it can be learnt. */
    adapter: Type.Optional(text),
    /** Bytes. */
    memory: Type.Optional(Type.Object({ total: amount, free: Type.Optional(amount) }, strict)),
    /** Rates of a matrix product, 10⁹ operations (additions and multiplications) in a second. */
    f32: Type.Optional(amount),
    f16: Type.Optional(amount),
    /** 10⁹ bytes in a second between the host's memory and the device's. */
    copies: Type.Optional(Type.Object({ toDevice: amount, fromDevice: amount }, strict)),
    /** Completion tokens in a second of a small policy's training step whose weights come from the host's memory. */
    training: Type.Optional(amount),
    /** Milliseconds of one tiny run. */
    latency: Type.Optional(amount),
    /** Largest relative difference to float64 of any check. */
    error: Type.Optional(amount),
    /** Why it cannot compute with weights in 4 bits; empty where it can. */
    int4: Type.Optional(text),
    /** The same of float16. */
    float16: Type.Optional(text),
    placement: Type.Optional(Placement),
    /** One sentence: what is missing or wrong. */
    problem: Type.Optional(text),
    /** One sentence: what to do about it. */
    remedy: Type.Optional(text),
  },
  strict,
);

/** A device and, in one sentence, why it and no other. */
export const DeviceDecision = Type.Object({ name: literals(...TRAINING_DEVICES), why: text }, strict);

/** What was decided for the machine that a run began on. A resumed run keeps to it. */
export const RunPlan = Type.Object(
  {
    /** Where the experiment left it open. */
    device: Type.Optional(DeviceDecision),
    microBatchTokens: Type.Integer({ minimum: 1 }),
    maxSequences: Type.Integer({ minimum: 1 }),
    /** One sentence: what memory the run is reckoned to need, and of how much. */
    memory: text,
  },
  strict,
);

export type DeviceFinding = Static<typeof DeviceFinding>;
export type Placement = Static<typeof Placement>;
export type DeviceReport = Static<typeof DeviceReport>;
export type DeviceDecision = Static<typeof DeviceDecision>;
export type RunPlan = Static<typeof RunPlan>;
