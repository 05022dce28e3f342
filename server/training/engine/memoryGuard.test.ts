import assert from "node:assert/strict";
import test from "node:test";
import { type CallPlace, type MemoryCut, MemoryGuard } from "./memoryGuard.ts";
import type { Completion, EngineLimits, PolicyEngine } from "./policyEngine.ts";
import { EngineFault, EngineLost, fromResponse, isDeviceLost, isOutOfMemory, toResponse } from "./remote/errors.ts";

const WHOLE: EngineLimits = { microBatchTokens: 1024, maxSequences: 64 };
const noMemory = () => fromResponse(toResponse(new Error("std::bad_alloc")));
const drawn = (rollout: number): Completion => ({
  prompt: 0,
  rollout,
  tokens: Int32Array.of(1),
  logprobs: new Float32Array(1),
  entropies: new Float32Array(1),
  truncated: false,
});

/** An engine that has memory for so much, and keeps the limits of each call that it was able to make. */
function smallEngine(fits: { tokens: () => number; sequences: () => number; before?: number }) {
  let limits = WHOLE;
  const made: EngineLimits[] = [];
  const checked = <T>(fine: boolean, value: T): T => {
    if (!fine) throw noMemory();
    made.push(limits);
    return value;
  };
  const engine: Partial<PolicyEngine> = {
    limit: async (given) => {
      limits = given;
    },
    update: async () => checked(limits.microBatchTokens <= fits.tokens(), {} as never),
    logprobs: async () => checked(limits.microBatchTokens <= fits.tokens(), []),
    values: async () => checked(limits.microBatchTokens <= fits.tokens(), [[Float32Array.of(2)]]),
    save: async () => {},
    async *generate() {
      for (let i = 0; i < (fits.before ?? 0); i++) yield drawn(i);
      checked(limits.maxSequences <= fits.sequences(), undefined);
    },
  };
  return { engine: engine as PolicyEngine, made };
}

const request = { groups: [], objective: { kind: "supervised" }, temperature: 1, learningRate: 1 } as const;
const all = async (guard: MemoryGuard): Promise<number> => {
  let count = 0;
  for await (const _ of guard.generate([], 4, { temperature: 1, maxNewTokens: 1 })) count++;
  return count;
};

function guarded(engine: PolicyEngine, known: MemoryCut[], step: () => number, resumed = false) {
  const said: string[] = [];
  const remember = (cut: MemoryCut, sentence: string): void => {
    known.push(cut);
    said.push(sentence);
  };
  return { guard: new MemoryGuard(engine, WHOLE, step, resumed, { known, remember }), said };
}

test("an update that finds no memory is made again with half the micro-batch, which is said and on record", async () => {
  const { engine, made } = smallEngine({ tokens: () => 300, sequences: () => 64 });
  const known: MemoryCut[] = [];
  const { guard, said } = guarded(engine, known, () => 7);
  await guard.update({ ...request, groups: [] });
  assert.deepEqual(made, [{ microBatchTokens: 256, maxSequences: 64 }]);
  const place: CallPlace = [7, 0, 0];
  assert.deepEqual(known, [
    { place, limits: { microBatchTokens: 512, maxSequences: 64 } },
    { place, limits: { microBatchTokens: 256, maxSequences: 64 } },
  ]);
  assert.match(said[1] ?? "", /^Memory ran out during the update after step 7: .* of 256 tokens in place of 512/);
});

test("values are asked for again with half the micro-batch, and what holds then holds for the update", async () => {
  const { engine, made } = smallEngine({ tokens: () => 600, sequences: () => 64 });
  const known: MemoryCut[] = [];
  const { guard, said } = guarded(engine, known, () => 2);
  assert.deepEqual(await guard.values([]), [[Float32Array.of(2)]]);
  await guard.update({ ...request, groups: [] });
  assert.deepEqual(made, new Array(2).fill({ microBatchTokens: 512, maxSequences: 64 }));
  assert.match(said[0] ?? "", /^Memory ran out during scoring after step 2/);
  assert.equal(known.length, 1);
});

test("a replay cuts where the run did, and nowhere before", async () => {
  let [step, fits] = [0, 1024];
  const known: MemoryCut[] = [];
  const steps = async (guard: MemoryGuard, from: number, shrinkAt?: number): Promise<void> => {
    for (step = from; step < 6; step++) {
      await guard.logprobs([], "reference", 1);
      if (step === shrinkAt) fits = 256;
      await guard.update({ ...request, groups: [] });
      await guard.update({ ...request, groups: [] });
      if (step === 2) await guard.save("");
    }
  };
  const first = smallEngine({ tokens: () => fits, sequences: () => 64 });
  await steps(guarded(first.engine, known, () => step).guard, 0, 4);
  assert.deepEqual(first.made.slice(0, 13), new Array(13).fill(WHOLE));
  assert.equal(first.made[13]?.microBatchTokens, 256);

  // From the checkpoint that was written in step 2, on a machine that has all memory again.
  const second = smallEngine({ tokens: () => 1024, sequences: () => 64 });
  await steps(guarded(second.engine, known, () => step, true).guard, 3);
  assert.deepEqual(second.made, first.made.slice(9));
});

test("sampling that finds no memory begins anew, and where some of it was handed on, from the last checkpoint", async () => {
  const known: MemoryCut[] = [];
  const early = smallEngine({ tokens: () => 1024, sequences: () => 16 });
  assert.equal(await all(guarded(early.engine, known, () => 1).guard), 0);
  assert.equal(known.at(-1)?.limits.maxSequences, 16);

  const late = smallEngine({ tokens: () => 1024, sequences: () => 32, before: 3 });
  const cuts: MemoryCut[] = [];
  await assert.rejects(all(guarded(late.engine, cuts, () => 1).guard), EngineLost);
  assert.equal(await all(guarded(late.engine, cuts, () => 1).guard), 3);
});

test("with as little at once as can be, the run ends with what to do", async () => {
  const { engine } = smallEngine({ tokens: () => 1, sequences: () => 1 });
  await assert.rejects(guarded(engine, [], () => 0).guard.update({ ...request, groups: [] }), {
    name: "InputError",
    message: /as little at once as can be: lower settings\.lengths/,
  });
  await assert.rejects(all(guarded(engine, [], () => 0).guard), { name: "InputError" });
});

test("other errors are not tried again", async () => {
  const failing = { update: () => Promise.reject(new EngineFault("No such node", undefined, undefined)) };
  const { guard, said } = guarded(failing as unknown as PolicyEngine, [], () => 0);
  await assert.rejects(guard.update({ ...request, groups: [] }), EngineFault);
  assert.deepEqual(said, []);
});

test("memory and lost devices are told by what runtimes say of them", () => {
  const crossed = (message: string) => fromResponse(toResponse(new Error(message)));
  for (const message of [
    "std::bad_alloc",
    "Non-zero status code returned while running MatMul node. Failed to allocate memory for requested buffer of size 8589934592",
    "BFC Arena ran out of memory trying to allocate 1024",
    "Array buffer allocation failed",
    "vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY",
    "CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=cudaMalloc((void**)&p, size)",
    "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0",
  ])
    assert.ok(isOutOfMemory(crossed(message)), message);
  assert.ok(isDeviceLost(crossed("WebGPU device lost (2): A valid external Instance reference no longer exists.")));
  assert.ok(isDeviceLost(crossed("CUDA failure 700: an illegal memory access was encountered ; GPU=0")));
  assert.ok(!isDeviceLost(crossed("CUDA failure 1: invalid argument ; GPU=0")));
  assert.ok(!isOutOfMemory(crossed("bad shape")) && !isDeviceLost(crossed("bad shape")));
});
