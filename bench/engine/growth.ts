/** How the cost of updates and sampling grows with the batch, the context and the width, and how much of it counted work explains. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import { type Bench, matrixRate, memoryRate } from "./bench.ts";
import { type Cost, predicted, type Rates, samplingCosts, total, updateCosts } from "./costs.ts";
import { endlessModel } from "./endlessModel.ts";
import { type Axis, type Grown, growthPlot } from "./growthPlot.ts";
import type { Network, Shape } from "./operations.ts";
import type { GrowthPoint, GrowthWork, SamplingWork } from "./plan.ts";
import { randomModel } from "./randomModel.ts";
import { engineSampling } from "./sampling.ts";
import { engineUpdate } from "./update.ts";

/** Name of the file with the curves. */
export const plotOf = ({ name }: Bench) => `${name}-growth.svg`;

interface Measured {
  work: Grown["work"];
  point: GrowthPoint;
  times: number[];
  costs: Cost[];
}

/** Token rows of an update at once: a group of the longest context fits, so that its prompt passes once, as it is counted. */
const MICRO_BATCH = 1 << 14;
/** Width of a head, as the policies that this product is for have it. */
const HEAD = 64;

/** Also draws the curves, into the folder of the results. */
export async function growth({ plan, ...rest }: Bench): Promise<Row[]> {
  const { growth: work } = plan;
  const bench: Bench = { ...rest, plan: { ...plan, runs: work.runs, warmup: work.warmup } };
  const rates: Rates[] = [];
  const measured = new Map<string, Measured>();
  for (let round = 0; round < bench.rounds; round++) {
    for (const point of pointsOf(work)) {
      rates.push({ gigaflops: await matrixRate(bench), gigabytes: await memoryRate(bench) });
      for (const kind of ["update", "sampling"] as const) {
        const key = `${kind} ${JSON.stringify(point)}`;
        const { times, costs } = kind === "update" ? await updateAt(point, bench) : await samplingAt(point, bench);
        const earlier = measured.get(key)?.times ?? [];
        measured.set(key, { work: kind, point, times: [...earlier, ...times], costs });
      }
    }
  }
  const rate = {
    gigaflops: median(rates.map(({ gigaflops }) => gigaflops)),
    gigabytes: median(rates.map(({ gigabytes }) => gigabytes)),
  };
  const curves = curvesOf(work, [...measured.values()], rate);
  writeFileSync(join(bench.out, plotOf(bench)), await growthPlot(curves));
  return rows(curves, rate);
}

/** The axes' points, the one that they share only once. */
function pointsOf({ from, axes }: GrowthWork): GrowthPoint[] {
  const points = axisNames(axes).flatMap((axis) => axes[axis].map((at) => ({ ...from, [axis]: at })));
  return [...new Map(points.map((point) => [JSON.stringify(point), point])).values()];
}

const axisNames = (axes: GrowthWork["axes"]) => Object.keys(axes) as Axis[];

function networkAt({ hidden }: GrowthPoint, { layers, vocab }: GrowthWork): Network {
  const heads = Math.max(1, hidden / HEAD);
  return { hidden, layers, heads, kvHeads: heads, intermediate: 4 * hidden, vocab };
}

async function updateAt(point: GrowthPoint, bench: Bench): Promise<Pick<Measured, "times" | "costs">> {
  const { completions, ...work } = bench.plan.growth;
  const half = point.context / 2;
  const shape: Shape = {
    ...networkAt(point, { completions, ...work }),
    prompts: point.batch / completions,
    completions,
    promptLength: half,
    completionLength: half,
  };
  return { times: (await engineUpdate(shape, bench, MICRO_BATCH)).times, costs: updateCosts(shape) };
}

async function samplingAt(point: GrowthPoint, bench: Bench): Promise<Pick<Measured, "times" | "costs">> {
  const { completions, newTokens } = bench.plan.growth;
  const network = networkAt(point, bench.plan.growth);
  const work: SamplingWork = {
    prompts: point.batch / completions,
    completions,
    promptLength: point.context - newTokens,
    newTokens,
  };
  const random = randomModel(network, point.context);
  const model = endlessModel(random);
  try {
    return { times: (await engineSampling(model, work, bench)).times, costs: samplingCosts(network, work) };
  } finally {
    for (const dir of [random, model]) rmSync(dir, { recursive: true });
  }
}

function curvesOf({ from, axes }: GrowthWork, measured: readonly Measured[], rates: Rates): Grown[] {
  return axisNames(axes).flatMap((axis) =>
    measured
      .filter(({ point }) => axisNames(axes).every((other) => other === axis || point[other] === from[other]))
      .map(({ work, point, times, costs }) => ({
        work,
        axis,
        at: point[axis],
        milliseconds: median(times),
        predicted: predicted(costs, rates),
        ...total(costs),
      })),
  );
}

/** To three digits, and never with an exponent. */
const rounded = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });

function rows(curves: readonly Grown[], rates: Rates): Row[] {
  return [...Map.groupBy(curves, ({ work, axis }) => `${work}, ${axis}`)].map(([name, points]) => {
    const [first, last] = [points[0] as Grown, points.at(-1) as Grown];
    const span = (of: (point: Grown) => string) => `${of(first)} → ${of(last)}`;
    return {
      what: `${name} ${first.at} → ${last.at}`,
      ours: span(({ milliseconds }) => `${rounded(milliseconds)} ms`),
      peer:
        `${span(({ predicted }) => `${rounded(predicted)} ms`)} by count: ` +
        `${span(({ operations }) => rounded(operations / 1e9))} GFLOP, ` +
        `${span(({ bytes }) => rounded(bytes / 1e9))} GB`,
      ratio: span((point) => `${((100 * point.predicted) / point.milliseconds).toFixed(0)} %`),
      bar: "",
      data: { points, rates },
    };
  });
}
