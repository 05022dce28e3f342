/** Waves whose keys and values are arrays of the host, and whose tokens are drawn there. */
import type { Sampling } from "../../policyEngine.ts";
import { cardConstants } from "../cuda/cardConstants.ts";
import { preparedBlocks } from "../frozen/preparedBlocks.ts";
import type { ModelConfig } from "../model/modelConfig.ts";
import type { Feed, GraphSession } from "../runtime/session.ts";
import { nothing, type SessionPool } from "../runtime/sessionPool.ts";
import { prefillFeeds, stepFeeds } from "./decoderFeeds.ts";
import { newEntry, prefillGraph, stepGraph } from "./decoderGraphs.ts";
import type { DecodingPolicy } from "./decoding.ts";
import { KeyValueCaches } from "./keyValueCaches.ts";
import { drawnFrom, type Network, prefillParts, type Wave } from "./wave.ts";

type Weights = ReadonlyMap<string, Feed>;

export function hostWaves(pool: SessionPool, { config, lora }: Network, weights: Weights): DecodingPolicy["begin"] {
  return async (prompts, n, sampling) => {
    const onCard = cardConstants(pool, { config, lora }, weights);
    const prefill = await pool.get("prefill", () => prefillGraph(config, pool.target, lora), nothing, onCard);
    const step = await pool.get(
      "step",
      () => stepGraph(config, lora),
      nothing,
      onCard ?? preparedBlocks(config, lora?.frozen, weights),
    );
    const caches = await prefilledCaches(prefill, config, weights, prompts, n);
    return hostWave(step, weights, caches, sampling);
  };
}

/** Prefills the prompts, their last tokens excepted, which open the completions. */
export async function prefilledCaches(
  session: GraphSession,
  config: ModelConfig,
  weights: Weights,
  prompts: readonly Int32Array[],
  n: number,
): Promise<KeyValueCaches> {
  const lengths = prompts.map((tokens) => tokens.length - 1);
  const P = Math.max(...lengths);
  const caches = new Map<string, Float32Array>();
  let done = 0;
  for (const part of prefillParts(prompts, P)) {
    const outputs = await session.run(new Map([...weights, ...prefillFeeds(part, P)]), { B: part.length, P });
    for (const [name, values] of outputs) {
      const perPrompt = values.length / part.length;
      const cache = caches.get(name) ?? new Float32Array(prompts.length * perPrompt);
      cache.set(values, done * perPrompt);
      caches.set(name, cache);
    }
    done += part.length;
  }
  return new KeyValueCaches(config, caches, lengths, P, n);
}

function hostWave(session: GraphSession, weights: Weights, caches: KeyValueCaches, sampling: Sampling): Wave {
  return {
    async step(rows) {
      const outputs = await session.run(stepFeeds(weights, caches.feeds(), rows, sampling), caches.sizes);
      caches.append((layer, kind) => outputs.get(newEntry(layer, kind)) as Float32Array);
      const of = (name: string) => outputs.get(name) as Float32Array;
      return drawnFrom(of("probabilities"), of("entropies"), rows, sampling);
    },
    keep: async (groups, columns) => caches.keep(groups, columns),
    dispose: () => {},
  };
}
