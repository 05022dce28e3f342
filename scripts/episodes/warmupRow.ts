/** A warm-up episode as the tokens that a policy learns from: all its turns in one row, in which what tools answer is read only. */
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import type { EpisodeRenderer } from "../../server/training/episodes/episodeRenderer.ts";
import { ANSWER_CLOSE, ANSWER_OPEN, type TakenTurn } from "../../server/training/episodes/turn.ts";
import type { WarmupRow } from "../policy/warmupStage.ts";
import { toQuestion } from "./dataset.ts";
import type { WarmupEpisode, WarmupTurn } from "./warmupEpisodes.ts";

/** A piece of the row's target: the first `read` tokens are not learnt. */
interface Piece {
  text: string;
  read: number;
}

const ALL = Number.MAX_SAFE_INTEGER;

export function warmupRow(episode: WarmupEpisode, renderer: EpisodeRenderer, tokenizer: Tokenizer): WarmupRow {
  const question = toQuestion(episode.question, "warmup");
  const prompt = renderer.prompt(question, []);
  const taken: TakenTurn[] = [];
  const pieces: Piece[] = [];
  let before = prompt.text;
  for (const turn of episode.turns) {
    if (!("call" in turn)) {
      pieces.push({ text: answerText(turn, tokenizer), read: 0 });
      continue;
    }
    taken.push(takenTurn(turn));
    const after = renderer.prompt(question, taken).text;
    const written = after.slice(before.length);
    before = after;
    const end = written.indexOf(tokenizer.eosText) + tokenizer.eosText.length;
    const [tool] = renderer.offered({ ...question, tools: [turn.call.name] });
    const forced = turn.thought + renderer.beginning(tool, true);
    pieces.push({ text: written.slice(0, end), read: turn.learnt === "all" ? 0 : renderer.length(forced) });
    pieces.push({ text: written.slice(end), read: ALL });
  }
  return { prompt: prompt.tokens, ...targetOf(pieces, tokenizer) };
}

function targetOf(pieces: readonly Piece[], tokenizer: Tokenizer): Required<Pick<WarmupRow, "target" | "weights">> {
  const tokens = pieces.map(({ text }) => tokenizer.encode(text));
  return {
    target: Int32Array.from(tokens.flatMap((part) => [...part])),
    weights: Float32Array.from(
      tokens.flatMap((part, index) => Array.from(part, (_, at) => (at < (pieces[index] as Piece).read ? 0 : 1))),
    ),
  };
}

const answerText = ({ thought, answer }: Extract<WarmupTurn, { answer: string }>, { eosText }: Tokenizer): string =>
  `${thought}\n${ANSWER_OPEN}${answer}${ANSWER_CLOSE}${eosText}`;

const takenTurn = ({ thought, call, observation }: Extract<WarmupTurn, { call: object }>): TakenTurn => ({
  thought,
  action: { kind: "call", name: call.name, arguments: call.arguments },
  text: thought,
  observation,
});
