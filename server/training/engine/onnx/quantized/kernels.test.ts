import assert from "node:assert/strict";
import test from "node:test";
import { BLOCK_SIZES } from "../../../../../schemas/adapter.ts";
import type { Target } from "../graph.ts";
import { GraphSession } from "../session.ts";
import type { SessionPool } from "../sessionPool.ts";
import { withoutWebgpu } from "../testing/webgpu.ts";
import { checkDevice, kernelFault, refusal } from "./kernels.ts";

for (const name of ["cpu", "webgpu"] as const) {
  test(`${name} computes with blocks of every size`, { skip: name === "webgpu" && withoutWebgpu }, async () => {
    for (const block of BLOCK_SIZES) {
      await checkDevice({ name, threads: 1 }, block);
    }
  });
}

/** A pool whose sessions do what `get` says. */
const poolOf = (target: Target, get: SessionPool["get"]) => ({ target, get });

test("a device without the kernel is refused with its reason, in one sentence with the way out", async () => {
  const pool = poolOf("webgpu", () =>
    Promise.reject(new Error("Could not find an implementation for MatMulNBits(1)\nat node 3")),
  );
  assert.equal(await kernelFault(pool, 32), "Could not find an implementation for MatMulNBits(1)");
  assert.equal(
    refusal("webgpu", "it lacks them").message,
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
  assert.match((await kernelFault(pool, 32)) ?? "", /^its product is off by \d\S* of the largest value$/);
});
