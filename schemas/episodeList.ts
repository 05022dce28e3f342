/** What the view of episodes lists: rows, and which of them in which order. */
import { type Static, Type } from "@sinclair/typebox";
import { Check } from "@sinclair/typebox/value";
import { count, literals, orNull, strict, text } from "./viewMessages.ts";

/** `stored`: of the data set, at step 0; `played`: of the evaluation at a step. */
export const EpisodePhase = literals("stored", "played");

export const EpisodeKey = Type.Object(
  {
    step: count,
    phase: EpisodePhase,
    question: Type.String({ description: "Id of the question." }),
    episode: Type.Integer({ minimum: 0, description: "Of the question, at this step." }),
  },
  strict,
);

/** `skipped`: the judge could not be understood, so that there is no episode. */
export const EpisodeEnd = literals("answered", "ran out of steps", "prompt too long", "skipped");

export const EpisodeRow = Type.Object(
  {
    ...EpisodeKey.properties,
    place: Type.Integer({ minimum: 0, description: "Of the question in its file." }),
    query: Type.String({ description: "The question, shortened." }),
    category: orNull(text),
    correct: orNull(Type.Boolean({ description: "Null where there is no episode." })),
    end: EpisodeEnd,
    turns: count,
    return: orNull(Type.Number({ description: "Sum of what its turns are paid; null where nobody paid them." })),
    tools: Type.Array(text, { description: "That were called, by their first turn." }),
    trouble: Type.Integer({ minimum: 0, description: "Turns whose observation is no result." }),
    nothingViable: Type.Integer({ minimum: 0, description: "Turns in which no candidate was viable." }),
  },
  strict,
);

export const EpisodeSort = literals(
  "newest",
  "oldest",
  "question",
  "category",
  "wrongFirst",
  "correctFirst",
  "turnsUp",
  "turnsDown",
  "returnUp",
  "returnDown",
);

export const EpisodeQuery = Type.Object(
  {
    text: Type.String({ maxLength: 200, description: "Part of a question or its id, in any case; empty for any." }),
    correct: literals("any", "correct", "wrong"),
    end: literals("any", "answered", "ran out of steps", "prompt too long", "skipped"),
    /** Name of a tool that was called, behind the kind, so that a tool may be named as anything. */
    tool: Type.Union([
      Type.Object({ is: Type.Literal("any") }, strict),
      Type.Object({ is: Type.Literal("none") }, strict),
      Type.Object({ is: Type.Literal("called"), name: text }, strict),
    ]),
    category: orNull(Type.String({ description: "Null for any." })),
    /** Where the episodes are from; a step is that of an evaluation. */
    from: Type.Union([literals("any", "stored", "played"), Type.Object({ step: count }, strict)]),
    happened: literals("anything", "trouble", "nothingViable"),
    sort: EpisodeSort,
  },
  strict,
);

/** All episodes: those of the newest evaluation first, those of the data set last. */
export const EVERY_EPISODE = {
  text: "",
  correct: "any",
  end: "any",
  tool: { is: "any" },
  category: null,
  from: "any",
  happened: "anything",
  sort: "newest",
} as const satisfies Static<typeof EpisodeQuery>;

export type EpisodePhase = Static<typeof EpisodePhase>;
export type EpisodeKey = Static<typeof EpisodeKey>;
export type EpisodeEnd = Static<typeof EpisodeEnd>;
export type EpisodeRow = Static<typeof EpisodeRow>;
export type EpisodeSort = Static<typeof EpisodeSort>;
export type EpisodeQuery = Static<typeof EpisodeQuery>;

/** One spelling for each episode. */
export const episodeId = ({ step, phase, question, episode }: EpisodeKey): string =>
  `${step} ${phase} ${episode} ${question}`;

/** The key of a row, and nothing else of it. */
export const episodeKey = ({ step, phase, question, episode }: EpisodeKey): EpisodeKey => ({
  step,
  phase,
  question,
  episode,
});

export const isEpisodeQuery = (value: unknown): value is EpisodeQuery => Check(EpisodeQuery, value);
export const isEpisodeKey = (value: unknown): value is EpisodeKey => Check(EpisodeKey, value);
