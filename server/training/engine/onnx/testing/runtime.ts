/** ONNX Runtime held against the interpreter. */
import assert from "node:assert/strict";
import type { Sizes } from "../graph/dims.ts";
import type { Graph } from "../graph/graph.ts";
import { GraphSession, type HostFeed, type SessionOptions } from "../runtime/session.ts";
import type { Feeds } from "./interpreter.ts";

/** What the runtime computes; float64 feeds are rounded. */
export async function runOnce(
  graph: Graph,
  sizes: Sizes,
  feeds: Feeds,
  options: SessionOptions = { device: graph.target, threads: 1 },
): Promise<Map<string, Float32Array>> {
  const session = await GraphSession.create(graph, options);
  try {
    return await session.run(asFeeds(feeds), sizes);
  } finally {
    await session.dispose();
  }
}

export function asFeeds(feeds: Feeds): Map<string, HostFeed> {
  return new Map([...feeds].map(([name, data]) => [name, isFeed(data) ? data : Float32Array.from(data as number[])]));
}

const isFeed = (data: Feeds extends ReadonlyMap<string, infer D> ? D : never): data is HostFeed =>
  data instanceof BigInt64Array ||
  data instanceof Float32Array ||
  data instanceof Uint16Array ||
  data instanceof Uint8Array;

/** Asserts ‖found − expected‖ ≤ relative · max(‖expected‖, floor) for every output. */
export function assertClose(
  found: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float64Array>,
  relative: number,
  floor: number,
): void {
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [name, values] of expected) {
    const results = found.get(name) as Float32Array;
    assert.equal(results.length, values.length, name);
    const error = Math.hypot(...values.map((value, i) => value - (results[i] as number)));
    const bound = relative * Math.max(floor, Math.hypot(...values));
    assert.ok(error <= bound, `${name}: off by ${error}, at most ${bound} allowed`);
  }
}
