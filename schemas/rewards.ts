/** The rewards an experiment may name, and what can be set of each. */
import { type Static, Type } from "@sinclair/typebox";
import { choice, strict } from "./fields.ts";

export const REWARD_NAMES = ["toolexpander", "set", "toolrl", "toolrl-paper", "tool-n1", "bfcl-ast"] as const;
export type RewardName = (typeof REWARD_NAMES)[number];

/** A researcher's own TypeScript or JavaScript file, relative to the experiment. */
export const OWN_CODE = "^\\.{1,2}/.+\\.(ts|mts|js|mjs)$";

export const RewardChoice = Type.String({
  pattern: `^(${REWARD_NAMES.join("|")})$|${OWN_CODE}`,
  /** What a message asks for in place of the pattern. */
  title: `one of ${REWARD_NAMES.join(", ")}, or a file of your own as ./my-reward.ts`,
  examples: [...REWARD_NAMES],
  description:
    "Name of a reward (toolexpander, set, toolrl, toolrl-paper, tool-n1, bfcl-ast), or a TypeScript or JavaScript file of your own, as ./my-reward.ts.",
});

export const isRewardName = (choice: string): choice is RewardName => REWARD_NAMES.some((name) => name === choice);

export const SetSettings = Type.Object(
  {
    bonus: Type.Number({ minimum: 0, description: "Paid for right examples on top of a right answer." }),
    examples: Type.Integer({ minimum: 1, description: "Distinct examples that are needed." }),
  },
  strict,
);

export const ToolRlSettings = Type.Object(
  {
    chat: choice("Chat markup that is cut off a completion.", "qwen", "llama"),
    correctnessMax: Type.Number({
      exclusiveMinimum: 0,
      description: "The correctness reaches from minus this to this; 3, or 1 for maxima that are equal.",
    }),
    length: choice(
      "A reward for long thoughts: none, up to 512 words, or up to a number that grows with the step.",
      "none",
      "fixed",
      "dynamic",
    ),
    twoStage: Type.Boolean({ description: "Correctness counts a third before step 30, format half from it on." }),
    dynamicScale: Type.Boolean({ description: "Format shrinks and correctness grows linearly until step 150." }),
    granularity: choice(
      "What of a call earns a part of the reward: names, keys and values each (fine); names and keys only where all of them are right (refined); whole calls alone (intermediate); both of these; or nothing but all calls together (coarse).",
      "fine",
      "refined",
      "intermediate",
      "refined-intermediate",
      "coarse",
    ),
  },
  strict,
);

export const ToolN1Settings = Type.Object(
  {
    variant: choice(
      "v0 wants thoughts and right calls, v2 right calls alone; v1 pays extra for thoughts beside right calls and takes off for them beside wrong ones; v3 and v4 add 0.2 for thoughts, v4 another 0.2 for right names; llama is v0 with Llama's chat markup and a plain answer where no call is needed.",
      "v0",
      "llama",
      "v1",
      "v2",
      "v3",
      "v4",
    ),
  },
  strict,
);

export const BfclSettings = Type.Object(
  {
    decoder: choice(
      "How calls are written in a completion.",
      "qwen-fc",
      "python-prompt",
      "tagged-python",
      "json-prompt",
    ),
    underscoreToDot: Type.Boolean({ description: "Dots in the names of tools are written as underscores." }),
  },
  strict,
);

/** Limits of a reward of one's own. */
export const OwnRewardSettings = Type.Object(
  {
    seconds: Type.Number({ exclusiveMinimum: 0, maximum: 600, description: "Longest time for one completion." }),
    memory: Type.Integer({ minimum: 16, description: "Memory that its thread may take, MiB." }),
  },
  strict,
);

export const RewardSettings = Type.Object(
  {
    set: SetSettings,
    toolrl: ToolRlSettings,
    "tool-n1": ToolN1Settings,
    "bfcl-ast": BfclSettings,
    own: OwnRewardSettings,
  },
  strict,
);

export type SetSettings = Static<typeof SetSettings>;
export type ToolRlSettings = Static<typeof ToolRlSettings>;
export type ToolN1Settings = Static<typeof ToolN1Settings>;
export type ToolN1Variant = ToolN1Settings["variant"];
export type BfclSettings = Static<typeof BfclSettings>;
export type BfclDecoder = BfclSettings["decoder"];
export type OwnRewardSettings = Static<typeof OwnRewardSettings>;
export type RewardSettings = Static<typeof RewardSettings>;

/**
 * What each reward is without a word in the experiment: the published form. TE = ToolExpander (arXiv 2510.07737v1), TR = ToolRL's
 * code (rlla.py without a variable set), N1 = Tool-N1's code (prompt_type absent). The limits and the decoder are ours.
 */
export const REWARD_DEFAULTS: RewardSettings = {
  set: { bonus: 0.01, examples: 4 }, // TE §4: 1.01, and more than three examples.
  toolrl: {
    chat: "qwen",
    correctnessMax: 3,
    length: "none",
    twoStage: false,
    dynamicScale: false,
    granularity: "fine",
  }, // TR
  "tool-n1": { variant: "v0" }, // N1
  "bfcl-ast": { decoder: "qwen-fc", underscoreToDot: false },
  own: { seconds: 5, memory: 256 },
};
