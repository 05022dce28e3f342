/** The decoder's two graphs stepped over given completions, interpreted: what sampling would have said of each token. */

import { causalMask, paddingMask } from "../batching/microBatch.ts";
import { cachesOf, newEntry, ownCache, prefillGraph, stepGraph } from "../decoding/decoderGraphs.ts";
import { deviceStepGraph, mergeGraph, pastBlock, recentBlock } from "../decoding/deviceDecoderGraphs.ts";
import type { Graph, Target } from "../graph/graph.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
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
  const own = target === "cpu" ? hostCaches(config, B * G) : deviceCaches(config, target, B * G);
  const forced: Forced = { logprobs: empty(groups), entropies: empty(groups) };
  const longest = Math.max(...groups.flatMap(({ completions }) => completions.map(({ length }) => length)));
  for (let t = 0; t < longest; t++) {
    const feeds = new Map<string, Data>([...weights, ...prompts, ...own.feeds()]);
    feeds.set(
      "ids",
      BigInt64Array.from(groups.flatMap((group) => group.completions.map((c) => seen(group.prompt, c, t)))),
    );
    feeds.set(
      "positions",
      BigInt64Array.from(groups.flatMap((_, b) => Array(G).fill(BigInt((lengths[b] as number) + t)))),
    );
    feeds.set("promptMask", paddingMask(lengths, P));
    feeds.set("inverseTemperature", Float32Array.of(1 / temperature));
    const results = new Interpreter(own.step, { B, G, P, ...own.sizes() }).run(feeds);
    own.append(results);
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

/** What the sequences have seen of themselves. Position 0 is a blank that the mask closes: what stands there must not matter. */
interface OwnCaches {
  step: Graph;
  sizes(): Record<string, number>;
  feeds(): Map<string, Data>;
  append(results: ReadonlyMap<string, Float64Array>): void;
}

const maskOf = (positions: number) => [-1e9, ...Array(positions - 1).fill(0)];

function hostCaches(config: ModelConfig, sequences: number): OwnCaches {
  let T = 1;
  const blank = Array(sequences * config.keyValueHeads * config.headSize).fill(9);
  const caches = new Map([...cachesOf(config)].map(([layer, kind]) => [ownCache(layer, kind), [...blank]]));
  return {
    step: stepGraph(config),
    sizes: () => ({ T }),
    feeds: () => new Map<string, Data>([...caches, ["ownMask", maskOf(T)]]),
    append(results) {
      for (const [layer, kind] of cachesOf(config))
        caches.get(ownCache(layer, kind))?.push(...(results.get(newEntry(layer, kind)) as Float64Array));
      T += 1;
    },
  };
}

/** Merged after every second token. */
function deviceCaches(config: ModelConfig, target: Target, sequences: number): OwnCaches {
  const R = 2;
  let [T, filled] = [1, 0];
  const S = sequences * config.keyValueHeads;
  const block = (name: typeof pastBlock, positions: number, value: number) =>
    [...cachesOf(config)].map(
      ([layer, kind]) =>
        [name(layer, kind), new Float64Array(S * positions * config.headSize).fill(value)] as [string, Data],
    );
  const blocks = new Map<string, Data>([...block(pastBlock, 1, 9), ...block(recentBlock, R, 0)]);
  const set = (entries: Iterable<readonly [string, Data]>) => {
    for (const [name, data] of entries) if (blocks.has(name)) blocks.set(name, data);
  };
  const slots = (of: (slot: number) => number) => Array.from({ length: R }, (_, slot) => of(slot));
  return {
    step: deviceStepGraph(config, target, "distributions"),
    sizes: () => ({ T, R }),
    feeds: () =>
      new Map<string, Data>([
        ...blocks,
        ["pastMask", maskOf(T)],
        ["recentMask", slots((slot) => (slot > filled ? -1e9 : 0))],
        ["slot", slots((slot) => Number(slot === filled))],
      ]),
    append(results) {
      set(results);
      filled += 1;
      if (filled < R) return;
      set(new Interpreter(mergeGraph(config, target), { S, T, R }).run(blocks));
      set(block(recentBlock, R, 0));
      [T, filled] = [T + R, 0];
    },
  };
}

function empty(groups: readonly { completions: Int32Array[] }[]): number[][][] {
  return groups.map(({ completions }) => completions.map(() => []));
}
