/**
 * Settings of PPO over stored episodes. The clip, the KL term, the entropy bonus and the aggregation are those of `objective`.
 * PPO = Schulman et al. 2017, "Proximal Policy Optimization Algorithms". "Ours" marks a choice that no source makes.
 */
import { type Static, Type } from "@sinclair/typebox";
import { choice } from "./fields.ts";

const factor = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

export const PpoSettings = Type.Object(
  {
    epochs: Type.Integer({
      minimum: 1,
      description: "Passes over the stored turns; the run ends with the last, or at `steps` where that comes first.",
    }),
    oldPolicy: choice(
      "The policy that ratios and advantages are taken against. epochStart: the one that an epoch begins with. initial: the one that the run begins with, so that the clip bounds the whole movement.",
      "epochStart",
      "initial",
    ),
    gamma: factor("What a reward is worth that comes one turn later."),
    lambda: factor(
      "Of generalized advantage estimation: 0 trusts the values beyond the next turn, 1 only the rewards.",
    ),
    valueCoefficient: Type.Number({ minimum: 0, description: "c_V: weight of the value's loss." }),
    valueClip: Type.Number({
      minimum: 0,
      description: "How far a value may move from what it was before its loss stops falling; 0: as far as it will.",
    }),
    valueLearningRate: Type.Number({
      exclusiveMinimum: 0,
      description: "Of the value head, which begins with zeros; it follows the schedule of the other rate.",
    }),
    normalizeAdvantages: Type.Boolean({
      description: "Bring the advantages of each mini-batch to mean 0 and deviation 1.",
    }),
  },
  { additionalProperties: false },
);
export type PpoSettings = Static<typeof PpoSettings>;

export const PPO_DEFAULTS: PpoSettings = {
  epochs: 4, // Ours; PPO has 3 to 15 over each batch.
  oldPolicy: "epochStart", // Ours: no policy drew the stored actions, a rule chose them.
  gamma: 1, // Ours: an episode has five turns at most, and its end counts in full.
  lambda: 0.95, // PPO, Table 3.
  valueCoefficient: 0.5, // Ours; PPO has 1, with a loss of twice the size.
  valueClip: 0, // Ours: values begin with zeros, and a clip of PPO's 0.2 would keep them far below returns of several units.
  valueLearningRate: 1e-3, // Ours: what begins with zeros takes larger steps.
  normalizeAdvantages: true, // PPO's authors' code.
};
