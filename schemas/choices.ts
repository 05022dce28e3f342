/** Which tools a policy chose in episodes that it played by itself. Plain reasoning, which is the answer, counts as a tool. */
import { type Static, Type } from "@sinclair/typebox";
import { count, strict } from "./fields.ts";

const bits = (description: string) => Type.Number({ minimum: 0, description });

export const ToolChoices = Type.Object(
  {
    tools: Type.Array(
      Type.Object(
        {
          tool: Type.Union([Type.String(), Type.Null()], { description: "Null for plain reasoning." }),
          turns: count,
          share: Type.Number({ minimum: 0, maximum: 1, description: "Of all choices." }),
        },
        strict,
      ),
      { description: "Every tool that was offered, chosen or not, plain reasoning last." },
    ),
    entropyBits: bits("Shannon entropy of the shares: marginal over all turns."),
    entropyBitsPerQuestion: bits("Mean over questions of the entropy of the choices in the episodes of each."),
  },
  strict,
);

export const EpisodeChoices = Type.Object(
  {
    ...ToolChoices.properties,
    episodes: Type.Integer({ minimum: 1, description: "Of each question." }),
    turns: count,
    /** Turns whose action could not be read, or called a tool that is not offered: no choice. */
    unreadable: count,
    categories: Type.Record(Type.String(), ToolChoices),
  },
  strict,
);

export type ToolChoices = Static<typeof ToolChoices>;
export type EpisodeChoices = Static<typeof EpisodeChoices>;
