/** What to look for in a chart, by its id: what is usual, and what to do where it is not. Charts that need no such word have none. */
export const curveTexts: Readonly<Record<string, string>> = {
  episodeAccuracy: "The figure to judge a run of episodes by. Bars that overlap between two runs prove nothing yet.",
  choices: "One area that swallows the others is a policy with a favourite tool.",
  choiceEntropy:
    "SPaRK is to raise it over all turns while accuracy stays. High within a question, with low accuracy, is guessing.",
  unreadableTurns: "A rise means that the policy forgets the form of a turn.",
  accuracy:
    "The figure to judge a run by is held-out. Training that rises while held-out stays is learning by heart, or a reward that can be earned without the answer.",
  reward: "It should rise and then level off. A fall by half that lasts is told as a collapse (`settings.stability`).",
  rewardParts: "Which part the policy earns. A part that rises alone is often one that is cheaper than being right.",
  hard: "It should fall. Counts of two runs compare only where they were probed alike.",
  groups:
    "Mostly all wrong: the samples are too hard; take few-shots (`dmhs-replace`), a higher temperature or larger groups. Mostly all right: they are learnt.",
  clip: "Some per cent at most. More means steps that are too large: lower `optimizer.learningRate`.",
  kl: "Small and steady. To the reference it may rise slowly; a jump comes before a collapse.",
  valueLoss: "It should fall.",
  explainedVariance: "It should rise above 0. Below 0 the values do harm: lower `ppo.valueLearningRate`.",
  samplerGap:
    "In float32 on the CPU it is rounding, below 2·10⁻⁵. With float16 it is more; `objective.importanceCap` weighs it.",
  entropy:
    "A slow fall is learning. Near zero nothing new is drawn: raise `sampling.temperature` or `objective.entropy`.",
  length: "A steady rise up to `lengths.response` is a policy that rambles.",
  truncated: "Above some per cent: raise `lengths.response`, since what is cut off cannot be right.",
  gradNorm: "Spikes far above `optimizer.maxGradNorm` are cut to it. Many of them: lower the learning rate.",
  lossScale: "It settles within the first steps. A fall that goes on and on: take `optimizer.precision` `f32`.",
};
