import assert from "node:assert/strict";
import test from "node:test";
import { BLOCK_SIZES } from "../../../../../schemas/adapter.ts";
import type { FrozenForm } from "../../lora.ts";
import { createOnnxEngine } from "../engine.ts";
import type { Target } from "../graph/graph.ts";
import { GraphSession } from "../runtime/session.ts";
import type { SessionPool } from "../runtime/sessionPool.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { checkDevice, deviceFault, kernelFault, refusal } from "./kernels.ts";
import { frozenModels } from "./testing.ts";

for (const name of ["cpu", "webgpu"] as const) {
  test(`${name} computes with blocks of every size`, { skip: name === "webgpu" && withoutWebgpu }, async () => {
    for (const block of BLOCK_SIZES) {
      await checkDevice({ name, threads: 1 }, { kind: "blocks", block });
    }
  });
}

const BLOCKS: FrozenForm = { kind: "blocks", block: 32 };
const HALF: FrozenForm = { kind: "half" };

test("the CPU computes with weights in float16", () => checkDevice({ name: "cpu", threads: 1 }, HALF));

test("WebGPU computes with weights in float16, or is refused in one sentence", { skip: withoutWebgpu }, async () => {
  const fault = await deviceFault({ name: "webgpu", threads: 1 }, HALF);
  if (fault === undefined) return;
  assert.equal(fault, "Program Cast requires f16 but the device does not support it");
  const adapter = { rank: 4, alpha: 8, rankStabilized: false, dropout: 0, targets: ["q_proj"], frozen: HALF } as const;
  const models = frozenModels(HALF);
  await assert.rejects(
    createOnnxEngine({ ...ENGINE, model: models.original, adapter, device: "webgpu" }),
    refusal("webgpu", HALF, fault),
  );
  models.remove();
});

const ENGINE = {
  threads: 1,
  microBatchTokens: 40,
  optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 1 },
};

/** A pool whose sessions do what `get` says. */
const poolOf = (target: Target, get: SessionPool["get"]) => ({ target, get });

test("a device without the kernel is refused with its reason, in one sentence with the way out", async () => {
  const pool = poolOf("webgpu", () =>
    Promise.reject(new Error("Could not find an implementation for MatMulNBits(1)\nat node 3")),
  );
  assert.equal(await kernelFault(pool, BLOCKS), "Could not find an implementation for MatMulNBits(1)");
  assert.equal(
    refusal("webgpu", BLOCKS, "it lacks them").message,
    'The device "webgpu" cannot compute with weights in 4 bits (it lacks them); set settings.adapter.base to "f32", or the device to "cpu".',
  );
});

test("so is one whose kernel reads the halves of a byte the wrong way round", async () => {
  const pool = poolOf("cpu", async (_, build) => {
    const session = await GraphSession.create(build(), { device: "cpu", threads: 1 });
    const run: GraphSession["run"] = (feeds, sizes) => {
      const packed = feeds.get("packed") as Uint8Array;
      const turned = packed.map((byte) => (byte >> 4) | ((byte & 15) << 4));
      return session.run(new Map([...feeds, ["packed", turned]]), sizes);
    };
    return Object.assign(Object.create(session) as GraphSession, { run });
  });
  assert.match((await kernelFault(pool, BLOCKS)) ?? "", /^its product is off by \d\S* of the largest value$/);
});
