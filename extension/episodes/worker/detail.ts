/** An episode as the view is told of it: texts of any length by their first part, arguments laid out. */
import type {
  EpisodeDetail,
  ShownAction,
  ShownCandidate,
  ShownChoice,
  ShownLesson,
  ShownTurn,
  TextPart,
  TextPlace,
} from "../../../schemas/episodesView.ts";
import type { Action } from "../../../server/training/episodes/turn.ts";
import { textPart } from "../../views/textPart.ts";
import type { ReadChoice, ReadEpisode, ReadTurn } from "./episodeSource.ts";
import { shortName } from "./rowTexts.ts";

/** UTF-16 units that are sent at first; those of a candidate are seen by whoever unfolds it. */
const FIRST_OF_TEXT = 4_000;
const FIRST_OF_CANDIDATE = 1_000;
/** And with every wish for more. */
const MORE_OF_TEXT = 50_000;
const LONGEST_VALUE = 2_000;
const LONGEST_FAULT = 600;
const MOST_ARGUMENTS = 50;
const MOST_CANDIDATES = 500;
const MOST_ACCEPTED = 20;

const TROUBLES = ["refused", "failed", "cut", "none", "broken"] as const;

export function detailOf(episode: ReadEpisode): EpisodeDetail {
  const { row, query, offered, accepted, answer, reason, threshold, unknown, turns } = episode;
  return {
    row,
    query: first(query),
    offered: offered?.map(shortName) ?? null,
    accepted: accepted?.slice(0, MOST_ACCEPTED).map((one) => clipped(one, LONGEST_VALUE)) ?? null,
    answer: answer === null ? null : first(answer),
    reason,
    threshold,
    unknown,
    turns: turns.map(shownTurn),
  };
}

/** The part of a text of the episode that begins at `from`; undefined where it has no such text. */
export function moreOf(episode: ReadEpisode, place: TextPlace, from: number): TextPart | undefined {
  const text = textAt(episode, place);
  return text === undefined || from > text.length ? undefined : textPart(text, from, MORE_OF_TEXT);
}

function textAt(episode: ReadEpisode, { of, turn, candidate }: TextPlace): string | undefined {
  if (of === "query") return episode.query;
  if (of === "answer") return episode.answer ?? undefined;
  const wanted = turn === null ? undefined : episode.turns[turn];
  if (of === "candidate") return candidate === null ? undefined : wanted?.choice?.among?.candidates[candidate]?.text;
  return wanted?.[of] ?? undefined;
}

const first = (text: string, length = FIRST_OF_TEXT): TextPart => textPart(text, 0, length);

function shownTurn({ thought, action, written, observation, trouble, choice, reward, lessons }: ReadTurn): ShownTurn {
  return {
    thought: first(thought),
    action: shownAction(action),
    written: first(written),
    observation: observation === null ? null : first(observation),
    trouble: TROUBLES.find((one) => one === trouble) ?? null,
    choice: choice && shownChoice(choice),
    reward: reward && {
      parts: Object.entries(reward).map(([name, value]) => ({ name: shortName(name), value })),
      sum: Object.values(reward).reduce((sum, value) => sum + value, 0),
    },
    lessons: lessons.map(shownLesson),
  };
}

/** An epoch learns each turn once, so the n-th step that learnt it was in the n-th epoch. */
function shownLesson({ step, value, advantage, target }: ReadTurn["lessons"][number], place: number): ShownLesson {
  return { step, epoch: place + 1, value, advantage, target };
}

function shownChoice({ by, score, among }: ReadChoice): ShownChoice {
  if (among === null) return { by, score, candidates: null, chosen: null };
  const viable = new Set(among.viable);
  const candidates = among.candidates.slice(0, MOST_CANDIDATES).map(
    ({ tool, text, action, score: own }, index): ShownCandidate => ({
      tool: tool === null ? null : shortName(tool),
      score: own,
      viable: viable.has(index),
      action: shownAction(action),
      written: first(text, FIRST_OF_CANDIDATE),
    }),
  );
  return { by, score, candidates, chosen: among.chosen };
}

function shownAction(action: Action): ShownAction {
  if (action.kind === "answer") return { kind: "answer", text: first(action.text) };
  if (action.kind === "broken") return { kind: "broken", fault: clipped(action.fault, LONGEST_FAULT) };
  const values = Object.entries(action.arguments);
  return {
    kind: "call",
    name: shortName(action.name),
    arguments: values.slice(0, MOST_ARGUMENTS).map(([name, value]) => ({
      name: shortName(name),
      value: clipped(JSON.stringify(value, null, 2) ?? "", LONGEST_VALUE),
    })),
    more: Math.max(0, values.length - MOST_ARGUMENTS),
  };
}

const clipped = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);
