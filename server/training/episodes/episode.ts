/** One way through a question: the turns that were taken, and how it ended. */
import type { Question } from "../../../schemas/questions.ts";
import { isAccepted } from "./answers.ts";
import type { Environment, Observation, Trouble } from "./environment.ts";
import type { EpisodeRenderer } from "./episodeRenderer.ts";
import type { Action, TakenTurn } from "./turn.ts";

export type EpisodeEnd = "answered" | "ran out of steps" | "prompt too long";

/** Where an episode's tools answer, and how long what they say and the whole may be. */
export interface World {
  environment: Environment;
  renderer: EpisodeRenderer;
  /** Most turns. */
  steps: number;
  /** Most tokens of a prompt. */
  prompt: number;
  /** Most tokens of an observation. */
  observation: number;
}

/** What came of a turn: nothing where it was the answer. */
export type Seen = Observation | undefined;

/** Answers that are right. */
export const acceptedAnswers = ({ answer, accept = [] }: Question): string[] => [answer, ...accept];

export class Episode {
  readonly question: Question;
  /** Its place among all questions, which is its part of a random key. */
  readonly index: number;
  readonly turns: TakenTurn[] = [];
  /** Why the observation of a turn is no result, turn by turn. */
  readonly troubles: (Trouble | undefined)[] = [];
  #end: EpisodeEnd | undefined;
  #answer: string | undefined;

  constructor(question: Question, index: number) {
    this.question = question;
    this.index = index;
  }

  /** Undefined while it goes on. */
  get end(): EpisodeEnd | undefined {
    return this.#end;
  }

  get answer(): string | undefined {
    return this.#answer;
  }

  get correct(): boolean {
    return this.#answer !== undefined && isAccepted(this.#answer, acceptedAnswers(this.question));
  }

  /** Takes the next turn: the tool answers, or the episode has its answer. */
  async take(turn: { thought: string; action: Action; text: string }, world: World): Promise<Seen> {
    const seen = turn.action.kind === "answer" ? undefined : await observed(this.question, turn.action, world);
    this.turns.push({ ...turn, observation: seen?.text });
    this.troubles.push(seen?.trouble);
    if (turn.action.kind === "answer") {
      this.#answer = turn.action.text;
      this.#end = "answered";
    } else if (this.turns.length >= world.steps) this.#end = "ran out of steps";
    return seen;
  }

  /** Its conversation does not fit a prompt any more. */
  overflow(): void {
    this.#end ??= "prompt too long";
  }
}

async function observed(
  question: Question,
  action: Exclude<Action, { kind: "answer" }>,
  { environment, renderer, observation }: World,
): Promise<Observation> {
  const seen = await environment.observe(question, action);
  return { ...seen, text: renderer.observation(seen.text, observation) };
}
