/** Settings that are each in range but contradict one another. */
import type { PresetName, Settings } from "./experiment.ts";

export interface Contradiction {
  /** Below `settings`; where the fault is shown. */
  key: [keyof Settings, string];
  sentence: string;
}

interface Case extends Contradiction {
  holds: boolean;
}

/** All of them, in the order in which they are best mended. */
export function contradictionsIn(preset: PresetName, settings: Settings): Contradiction[] {
  const cases = [...ofAdapter(settings), ...ofBatches(settings), ...casesOf(preset, settings)];
  return cases.filter(({ holds }) => holds).map(({ key, sentence }) => ({ key, sentence }));
}

function casesOf(preset: PresetName, settings: Settings): Case[] {
  switch (preset) {
    case "sft":
      return [...ofSupervised(settings), ...ofOneUpdate("supervised training", settings)];
    case "spark":
      return [...ofStoredTurns(settings), ...ofOneUpdate("PPO over stored turns", settings)];
    default:
      return ofGrpo(settings);
  }
}

/** Those of settings that episodes are played with; whoever plays none never meets them. */
export function episodeContradictionsIn({ lengths, spark }: Settings): Contradiction[] {
  if (spark.thought < lengths.response) return [];
  const sentence = `A thought of ${spark.thought} tokens leaves nothing for the action of the ${lengths.response} that a turn may have (lengths.response); lower it.`;
  return [{ key: ["spark", "thought"], sentence }];
}

function ofAdapter({ adapter, optimizer }: Settings): Case[] {
  return [
    {
      holds: adapter.kind === "none" && adapter.base !== "f32",
      key: ["adapter", "base"],
      sentence: `Without an adapter every weight is trained, and one of ${adapter.base === "f16" ? "16" : "4"} bits cannot be; set this to "f32", or adapter.kind to "lora".`,
    },
    {
      holds: adapter.kind === "lora" && adapter.base === "int4" && optimizer.precision === "f16",
      key: ["optimizer", "precision"],
      sentence: `Weights in 4 bits are multiplied in float32; set this to "f32", or adapter.base to "f16".`,
    },
  ];
}

function ofBatches({ sampling: { promptsPerStep }, optimizer: { promptsPerMiniBatch } }: Settings): Case[] {
  return [
    {
      holds: promptsPerMiniBatch > promptsPerStep,
      key: ["optimizer", "promptsPerMiniBatch"],
      sentence: `A mini-batch of ${promptsPerMiniBatch} prompts is larger than the ${promptsPerStep} prompts of a step (sampling.promptsPerStep).`,
    },
    {
      holds: promptsPerStep % promptsPerMiniBatch !== 0,
      key: ["optimizer", "promptsPerMiniBatch"],
      sentence: `The ${promptsPerStep} prompts of a step (sampling.promptsPerStep) cannot be cut into mini-batches of ${promptsPerMiniBatch}; choose a divisor.`,
    },
  ];
}

function ofGrpo({ sampling, objective, probe, curriculum, stability }: Settings): Case[] {
  return [
    {
      holds: curriculum.mode !== "none" && !probe.before,
      key: ["probe", "before"],
      sentence: `Without a probe before training no row is known to be hard, so curriculum.mode "${curriculum.mode}" has nothing to work on; set this to true, or curriculum.mode to "none".`,
    },
    {
      holds: stability.window < 2,
      key: ["stability", "window"],
      sentence: "A window of one step has no variance; use 2 or more.",
    },
    {
      holds: sampling.groupSize === 1,
      key: ["sampling", "groupSize"],
      sentence: "A group of one completion has nothing to be compared with, so nothing would be learnt; use 2 or more.",
    },
    {
      // Its gradient is zero in expectation on the policy's own samples.
      holds: objective.beta > 0 && objective.kl === "k1" && objective.klPlacement === "loss",
      key: ["objective", "kl"],
      sentence: 'The estimator k1 has no effect as a term of the loss; use k3, or klPlacement "reward".',
    },
    {
      holds: objective.importanceCap > 0 && objective.importanceCap < 1,
      key: ["objective", "importanceCap"],
      sentence:
        "A cap below 1 scales down even tokens that sampling and training agree on; use 1 or more (2 is usual), or 0 for none.",
    },
  ];
}

function ofSupervised({ sampling, objective, curriculum }: Settings): Case[] {
  return [
    {
      holds: curriculum.mode !== "none",
      key: ["curriculum", "mode"],
      sentence: 'Supervised training draws no completions that could tell hard rows; leave this at "none".',
    },
    {
      holds: sampling.groupSize !== 1,
      key: ["sampling", "groupSize"],
      sentence: "Supervised training has one completion for each prompt; leave this at 1.",
    },
    {
      holds: objective.beta > 0,
      key: ["objective", "beta"],
      sentence: "Supervised training has no reference policy; leave this at 0.",
    },
    {
      holds: objective.entropy > 0,
      key: ["objective", "entropy"],
      sentence: "Supervised training has no entropy bonus; leave this at 0.",
    },
    {
      holds: objective.importanceCap > 0,
      key: ["objective", "importanceCap"],
      sentence: "Supervised training samples nothing that could be weighted; leave this at 0.",
    },
  ];
}

/** What learns from what is stored takes one optimizer step on each batch of it. */
function ofOneUpdate(what: string, { sampling, optimizer }: Settings): Case[] {
  return [
    {
      holds: optimizer.promptsPerMiniBatch !== sampling.promptsPerStep,
      key: ["optimizer", "promptsPerMiniBatch"],
      sentence: `A step of ${what} is one optimizer step: set this to ${sampling.promptsPerStep}, as sampling.promptsPerStep.`,
    },
    {
      holds: optimizer.epochsPerBatch !== 1,
      key: ["optimizer", "epochsPerBatch"],
      sentence: `A step of ${what} is one optimizer step; leave this at 1.`,
    },
  ];
}

function ofStoredTurns({ sampling, objective, probe, curriculum }: Settings): Case[] {
  return [
    {
      holds: curriculum.mode !== "none" || curriculum.replacements,
      key: ["curriculum", curriculum.replacements ? "replacements" : "mode"],
      sentence: `Stored turns are no rows that could be hard or edited; leave this at ${curriculum.replacements ? "false" : '"none"'}.`,
    },
    {
      holds: probe.before || probe.after,
      key: ["probe", probe.before ? "before" : "after"],
      sentence: "Stored turns are no rows that a probe could draw completions of; leave this at false.",
    },
    {
      holds: sampling.groupSize !== 1,
      key: ["sampling", "groupSize"],
      sentence: "One action was taken in each stored turn; leave this at 1.",
    },
    {
      holds: objective.beta > 0 && objective.klPlacement === "reward",
      key: ["objective", "klPlacement"],
      sentence: 'Stored rewards stay as they are; leave this at "loss".',
    },
    {
      holds: objective.beta > 0 && objective.kl === "k1",
      key: ["objective", "kl"],
      sentence: "The estimator k1 has no effect as a term of the loss; use k3.",
    },
    {
      holds: objective.importanceCap > 0,
      key: ["objective", "importanceCap"],
      sentence: "No policy sampled the stored turns, so there is nothing to weight; leave this at 0.",
    },
  ];
}
