/** The decoder's two graphs stepped over given completions, interpreted: what sampling would have said of each token. */
import { newEntry, ownCache, prefillGraph, type promptCache, stepGraph } from "../decoderGraphs.ts";
import type { Target } from "../graph.ts";
import { causalMask, paddingMask } from "../microBatch.ts";
import type { ModelConfig } from "../modelConfig.ts";
import { Interpreter } from "./interpreter.ts";

export interface Forced {
  /** [group][completion][token]. */
  logprobs: number[][][];
  entropies: number[][][];
}

type Data = ArrayLike<number> | BigInt64Array;

/** Groups of equally many completions; all lengths may differ. */
export function forceDecoding(
  config: ModelConfig,
  target: Target,
  weights: ReadonlyMap<string, Float32Array>,
  groups: readonly { prompt: Int32Array; completions: Int32Array[] }[],
  temperature: number,
): Forced {
  const [B, G] = [groups.length, groups[0]?.completions.length as number];
  const lengths = groups.map(({ prompt }) => prompt.length - 1);
  const P = Math.max(...lengths);
  const prompts = prefill(config, target, weights, groups, lengths, P);
  const caches = new Map<string, number[]>();
  const entrySize = B * G * config.keyValueHeads * config.headSize;
  // Position 0 is a blank that the mask closes, as sampling has it; what stands there must not matter.
  for (const name of cacheNames(config, ownCache)) caches.set(name, Array(entrySize).fill(9));
  const step = stepGraph(config, target);
  const forced: Forced = { logprobs: empty(groups), entropies: empty(groups) };
  const longest = Math.max(...groups.flatMap(({ completions }) => completions.map(({ length }) => length)));
  for (let t = 0; t < longest; t++) {
    const feeds = new Map<string, Data>([...weights, ...prompts, ...caches]);
    feeds.set(
      "ids",
      BigInt64Array.from(groups.flatMap((group) => group.completions.map((c) => seen(group.prompt, c, t)))),
    );
    feeds.set(
      "positions",
      BigInt64Array.from(groups.flatMap((_, b) => Array(G).fill(BigInt((lengths[b] as number) + t)))),
    );
    feeds.set("promptMask", paddingMask(lengths, P));
    feeds.set("ownMask", [-1e9, ...Array(t).fill(0)]);
    feeds.set("inverseTemperature", Float32Array.of(1 / temperature));
    const results = new Interpreter(step, { B, G, P, T: t + 1 }).run(feeds);
    for (let layer = 0; layer < config.layers; layer++) {
      for (const kind of ["k", "v"] as const) {
        caches.get(ownCache(layer, kind))?.push(...(results.get(newEntry(layer, kind)) as Float64Array));
      }
    }
    for (const [b, { completions }] of groups.entries()) {
      for (const [g, tokens] of completions.entries()) {
        if (t >= tokens.length) continue;
        const row = b * G + g;
        const p = results.get("probabilities")?.[row * config.vocabulary + (tokens[t] as number)] as number;
        forced.logprobs[b]?.[g]?.push(Math.log(p));
        forced.entropies[b]?.[g]?.push(results.get("entropies")?.[row] as number);
      }
    }
  }
  return forced;
}

function prefill(
  config: ModelConfig,
  target: Target,
  weights: ReadonlyMap<string, Float32Array>,
  groups: readonly { prompt: Int32Array }[],
  lengths: readonly number[],
  P: number,
): Map<string, Float64Array> {
  const ids = groups.flatMap(({ prompt }, b) =>
    Array.from({ length: P }, (_, t) => (t < (lengths[b] as number) ? BigInt(prompt[t] as number) : 0n)),
  );
  const feeds = new Map<string, Data>(weights);
  feeds.set("ids", BigInt64Array.from(ids));
  feeds.set(
    "positions",
    BigInt64Array.from(ids, (_, i) => BigInt(i % P)),
  );
  feeds.set("promptMask", causalMask(P));
  return new Interpreter(prefillGraph(config, target), { B: groups.length, P }).run(feeds);
}

/** The token that row t reads: the prompt's last, then the completion's. A completion that is over repeats its last. */
function seen(prompt: Int32Array, completion: Int32Array, t: number): bigint {
  return BigInt((t === 0 ? prompt.at(-1) : completion[Math.min(t, completion.length) - 1]) as number);
}

function cacheNames(config: ModelConfig, name: typeof promptCache): string[] {
  return Array.from({ length: config.layers }, (_, layer) => [name(layer, "k"), name(layer, "v")]).flat();
}

function empty(groups: readonly { completions: Int32Array[] }[]): number[][][] {
  return groups.map(({ completions }) => completions.map(() => []));
}
