/** What is drawn: one entry for each chart, in the order in which a researcher looks at them. */
import type { RunCurve } from "../client/curveData.ts";
import { atSteps } from "./atSteps.ts";
import type { Chart, ChartSpec, Line } from "./chart.ts";
import { categoriesOf, episodeCharts } from "./episodeCharts.ts";

const metric = (name: string, label: string): Line => ({ name, label, values: ({ series }) => series.get(name) ?? [] });

const metrics = (lines: readonly (readonly [name: string, label: string])[]) => () =>
  lines.map(([name, label]) => metric(name, label));

const PARTS = "rewardParts.";

function rewardParts(curves: readonly RunCurve[]): Line[] {
  const names = new Set(curves.flatMap(({ series }) => [...series.keys()].filter((name) => name.startsWith(PARTS))));
  return [...names].sort().map((name) => metric(name, name.slice(PARTS.length)));
}

const heldOut: Line = {
  name: "heldOutAccuracy",
  label: "held-out",
  values: ({ evaluations }) =>
    atSteps(
      evaluations.flatMap(({ step, accuracy, episodes }) =>
        episodes === null ? [{ step, value: accuracy.value }] : [],
      ),
    ),
  sparse: true,
};

const probed: Line = {
  name: "hardRowsOfRound",
  label: "at a probe or round",
  values: ({ probes, rounds }) => atSteps([...probes, ...rounds].map(({ step, hard }) => ({ step, value: hard }))),
  sparse: true,
};

export const CHARTS: readonly ChartSpec[] = [
  {
    id: "accuracy",
    title: "Accuracy",
    about: "Share of completions that are right: on held-out rows, and on the rows that were trained on.",
    kind: "share",
    lines: () => [heldOut, metric("accuracy", "training")],
  },
  {
    id: "reward",
    title: "Reward",
    about: "Mean reward of the step's completions.",
    kind: "number",
    lines: metrics([["rewardMean", "mean"]]),
  },
  {
    id: "rewardParts",
    title: "Parts of the reward",
    about: "Mean of each part that the reward is made of.",
    kind: "number",
    lines: rewardParts,
  },
  {
    id: "hard",
    title: "Hard rows",
    about: "Training rows that no rollout has solved. The dotted lines are the borders of rounds.",
    kind: "count",
    lines: () => [{ ...metric("hardRows", "after the step"), exact: true }, probed],
  },
  {
    id: "groups",
    title: "Groups without variance",
    about: "Share of groups whose rewards are all equal: they teach nothing. All right or all wrong says why.",
    kind: "share",
    lines: metrics([
      ["zeroVarianceGroups", "zero variance"],
      ["allRightGroups", "all right"],
      ["allWrongGroups", "all wrong"],
    ]),
  },
  {
    id: "clip",
    title: "Clipped tokens",
    about: "Share of updated tokens whose ratio lay outside the clip range, where the clip took their gradient away.",
    kind: "share",
    lines: metrics([
      ["clippedLow", "below"],
      ["clippedHigh", "above"],
    ]),
  },
  {
    id: "kl",
    title: "KL divergence",
    about:
      "Of the sampling policy, or over stored turns of the one that the epoch froze, to the policy at each update; and to the reference policy. k3 estimator, nats.",
    kind: "small",
    lines: metrics([
      ["samplerKl", "to the update"],
      ["referenceKl", "to the reference"],
    ]),
  },
  {
    id: "valueLoss",
    title: "Value loss",
    about: "Squared error of the values that are learnt, before the coefficient that it has in the loss.",
    kind: "small",
    lines: metrics([["valueLoss", "mean"]]),
  },
  {
    id: "explainedVariance",
    title: "Explained variance",
    about:
      "Share of the returns' variance that the values account for: 1 is perfect, 0 no better than their mean, less is worse.",
    kind: "number",
    lines: metrics([["explainedVariance", "of the returns"]]),
  },
  {
    id: "valueClipped",
    title: "Clipped values",
    about: "Share of values that have moved further from those that the epoch froze than their clip lets count.",
    kind: "share",
    lines: metrics([["valueClipped", "clipped"]]),
  },
  {
    id: "epochs",
    title: "Epochs",
    about: "Passes over the stored turns after the step. Each begins with the policy as it is then.",
    kind: "number",
    lines: () => [{ ...metric("epochs", "passes"), exact: true }],
  },
  {
    id: "samplerGap",
    title: "Sampling against training",
    about:
      "How far log-probabilities at sampling are from those that training computes with the same weights, nats over tokens. More than rounding means that completions are off-policy before the first update.",
    kind: "small",
    lines: metrics([
      ["samplerGapMean", "mean difference"],
      ["samplerGapMax", "largest"],
      ["samplerGapKl", "KL (k3)"],
    ]),
  },
  {
    id: "samplerGapOutside",
    title: "Tokens apart",
    about: "Share of tokens whose probability differs by more than a factor of two between sampling and training.",
    kind: "share",
    lines: metrics([["samplerGapOutside", "outside [1/2, 2]"]]),
  },
  {
    id: "entropy",
    title: "Entropy",
    about:
      "Mean entropy of the sampling distributions over tokens, nats. A fall to zero is a policy that explores no more.",
    kind: "number",
    lines: metrics([["entropy", "mean"]]),
  },
  {
    id: "length",
    title: "Length",
    about: "Tokens of a completion, the end-of-sequence token included.",
    kind: "count",
    lines: metrics([
      ["tokensMean", "mean"],
      ["tokensMax", "longest"],
    ]),
  },
  {
    id: "truncated",
    title: "Truncated",
    about: "Share of completions that were cut at the length limit.",
    kind: "share",
    lines: metrics([["truncated", "cut"]]),
  },
  {
    id: "loss",
    title: "Loss",
    about: "Mean over the optimizer steps of a step. That of a policy gradient is no measure of progress.",
    kind: "small",
    lines: metrics([["loss", "mean"]]),
  },
  {
    id: "gradNorm",
    title: "Gradient norm",
    about: "Global L2 norm before clipping, mean over the optimizer steps.",
    kind: "small",
    lines: metrics([["gradNorm", "mean"]]),
  },
  {
    id: "lossScale",
    title: "Loss scale",
    about:
      "What the loss is multiplied with where products are float16: halved by each optimizer step that overflowed and was left out, doubled after 2,000 that did not.",
    kind: "count",
    lines: metrics([["lossScale", "scale"]]),
  },
  {
    id: "overflowedOptimizerSteps",
    title: "Steps left out",
    about: "Optimizer steps of the step that were left out because a gradient was beyond float16 with its loss scale.",
    kind: "count",
    lines: metrics([["overflowedOptimizerSteps", "left out"]]),
  },
  {
    id: "learningRate",
    title: "Learning rate",
    about: "Of the last optimizer step.",
    kind: "small",
    lines: () => [{ ...metric("learningRate", "rate"), exact: true }],
  },
  {
    id: "speed",
    title: "Tokens per second",
    about: "Tokens that were sampled, and tokens that were updated on.",
    kind: "rate",
    lines: metrics([
      ["samplingTokensPerSecond", "sampling"],
      ["updateTokensPerSecond", "update"],
    ]),
  },
];

/** Charts that have something to show. @param category of held-out questions whose episodes count; all for null */
export const chartsOf = (curves: readonly RunCurve[], category: string | null): Chart[] =>
  shown([...episodeCharts(category), ...CHARTS], curves);

/** The same for all categories at once, as an export has them. */
export const allCharts = (curves: readonly RunCurve[]): Chart[] => [
  ...chartsOf(curves, null),
  ...categoriesOf(curves).flatMap((category) => shown(episodeCharts(category), curves)),
];

function shown(specs: readonly ChartSpec[], curves: readonly RunCurve[]): Chart[] {
  return specs
    .map((spec) => ({
      ...spec,
      lines: spec
        .lines(curves)
        .filter((line) => curves.some((curve) => line.values(curve).some((one) => one !== null))),
    }))
    .filter(({ lines }) => lines.length > 0);
}
