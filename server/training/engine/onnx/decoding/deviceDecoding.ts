/** Waves that live on the device: of each token, its id, log-probability and entropy come back. */
import type { Sampling } from "../../policyEngine.ts";
import { paddingMask } from "../batching/microBatch.ts";
import type { Resident } from "../runtime/resident.ts";
import type { Feed, GraphSession } from "../runtime/session.ts";
import { everything, type SessionPool, type Stays } from "../runtime/sessionPool.ts";
import { prefillFeeds, stepFeeds } from "./decoderFeeds.ts";
import { prefillGraph } from "./decoderGraphs.ts";
import type { DecodingPolicy } from "./decoding.ts";
import { DeviceCaches } from "./deviceCaches.ts";
import { deviceStepGraph, type Ending, joinGraph } from "./deviceDecoderGraphs.ts";
import { type Drawn, drawnFrom, isFiltered, type Network, prefillParts, type Wave } from "./wave.ts";

type Weights = ReadonlyMap<string, Feed>;
type Tensors = ReadonlyMap<string, Resident>;

const isBlock: Stays = (output) => output.startsWith("recent.");

export function deviceWaves(pool: SessionPool, network: Network, weights: Weights): DecodingPolicy["begin"] {
  const { config, lora } = network;
  return async (prompts, n, sampling) => {
    const ending = endingOf(sampling);
    const build = () => deviceStepGraph(config, pool.target, ending, lora);
    const step = await pool.get(`step:${ending}`, build, isBlock);
    const lengths = prompts.map((tokens) => tokens.length - 1);
    const P = Math.max(...lengths);
    const prefilled = await prefill(pool, network, weights, prompts, P);
    const sizes = { B: prompts.length, G: n, P };
    const caches = await DeviceCaches.create(pool, config, prefilled, paddingMask(lengths, P), sizes);
    return deviceWave(step, weights, caches, sampling);
  };
}

/** Filters sort the whole vocabulary, and only an evaluation asks for them: they are left to the host. */
function endingOf(sampling: Sampling): Ending {
  if (sampling.temperature === 0) return "likeliest";
  return isFiltered(sampling) ? "distributions" : "draw";
}

/** The prompts' caches, their last tokens excepted, which open the completions. */
async function prefill(
  pool: SessionPool,
  { config, lora }: Network,
  weights: Weights,
  prompts: readonly Int32Array[],
  P: number,
): Promise<Tensors> {
  const { target } = pool;
  const session = await pool.get("prefill", () => prefillGraph(config, target, lora), everything);
  let [caches, done]: [Tensors | undefined, number] = [undefined, 0];
  for (const part of prefillParts(prompts, P)) {
    const feeds = new Map([...weights, ...prefillFeeds(part, P)]);
    const { resident } = await session.execute(feeds, { B: part.length, P });
    if (caches === undefined) caches = resident;
    else {
      const join = await pool.get("join", () => joinGraph(config, target), everything);
      caches = await joined(join, caches, resident, { A: done, B: part.length, P });
    }
    done += part.length;
  }
  return caches ?? new Map();
}

async function joined(
  session: GraphSession,
  first: Tensors,
  second: Tensors,
  sizes: { A: number; B: number; P: number },
): Promise<Tensors> {
  const named = (part: string, tensors: Tensors) =>
    [...tensors].map(([name, tensor]) => [`${part}:${name}`, tensor] as const);
  const { resident } = await session.execute(new Map([...named("first", first), ...named("second", second)]), sizes);
  for (const tensor of [...first.values(), ...second.values()]) tensor.dispose();
  return resident;
}

function deviceWave(session: GraphSession, weights: Weights, caches: DeviceCaches, sampling: Sampling): Wave {
  return {
    async step(rows) {
      const feeds = stepFeeds(weights, caches.feeds(), rows, sampling);
      feeds.set(
        "u",
        Float32Array.from(rows, ({ u }) => u ?? 0),
      );
      const { host, resident } = await session.execute(feeds, caches.sizes);
      await caches.append(resident);
      const drawn = host.get("drawn");
      if (drawn !== undefined) return columnsOf(drawn);
      const of = (name: string) => host.get(name) as Float32Array;
      return drawnFrom(of("probabilities"), of("entropies"), rows, sampling);
    },
    keep: (groups, columns) => caches.keep(groups, columns),
    dispose: () => caches.dispose(),
  };
}

/** [N, 3] to its columns. */
function columnsOf(drawn: Float32Array): Drawn {
  const column = (at: number) => drawn.filter((_, index) => index % 3 === at);
  return { tokens: column(0), logprobs: column(1), entropies: column(2) };
}
