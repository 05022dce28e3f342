/**
 * Accuracy and choices of tools over episodes. A choice is a call of an offered tool, or the answer; an action that could not be read
 * or that calls what is not offered is none, since any text that fails would else look like variety.
 */
import type { ToolChoices } from "../../../schemas/choices.ts";
import type { EvaluationEvent } from "../../../schemas/protocol.ts";
import { accuracyOf, entropyBits, mean } from "../statistics.ts";
import type { Episode } from "./episode.ts";

/** A tool's name; null for plain reasoning. */
type Tool = string | null;

class Part {
  episodes = 0;
  correct = 0;
  /** By question: by tool, how often it was chosen. Offered tools that never were have 0. */
  readonly #questions = new Map<string, Map<Tool, number>>();

  get questions(): number {
    return this.#questions.size;
  }

  add({ question, correct }: Episode, chosen: readonly Tool[]): void {
    this.episodes++;
    if (correct) this.correct++;
    const counts = this.#questions.get(question.id) ?? new Map<Tool, number>();
    this.#questions.set(question.id, counts);
    for (const tool of [...question.tools, null]) counts.set(tool, counts.get(tool) ?? 0);
    for (const tool of chosen) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  }

  choices(): ToolChoices {
    const all = new Map<Tool, number>();
    for (const counts of this.#questions.values())
      for (const [tool, count] of counts) all.set(tool, (all.get(tool) ?? 0) + count);
    const total = [...all.values()].reduce((sum, count) => sum + count, 0);
    // Questions in which nothing was a choice have no entropy.
    const chosen = [...this.#questions.values()]
      .map((counts) => [...counts.values()])
      .filter((counts) => counts.some(Boolean));
    return {
      tools: [...all]
        .sort(([a], [b]) => Number(a === null) - Number(b === null))
        .map(([tool, turns]) => ({ tool, turns, share: total === 0 ? 0 : turns / total })),
      entropyBits: entropyBits([...all.values()]),
      entropyBitsPerQuestion: mean(chosen.map(entropyBits)),
    };
  }
}

export class EpisodeTally {
  readonly #perQuestion: number;
  readonly #all = new Part();
  readonly #categories = new Map<string, Part>();
  #turns = 0;
  #unreadable = 0;
  #malformed = 0;
  #endless = 0;

  /** @param perQuestion episodes of each question */
  constructor(perQuestion: number) {
    this.#perQuestion = perQuestion;
  }

  /** Questions without a category count as "other". */
  add(episode: Episode): void {
    const { question, turns, end } = episode;
    const chosen = turns.flatMap(({ action }): Tool[] => {
      if (action.kind === "answer") return [null];
      return action.kind === "call" && question.tools.includes(action.name) ? [action.name] : [];
    });
    const name = question.category ?? "other";
    const category = this.#categories.get(name) ?? new Part();
    this.#categories.set(name, category);
    for (const part of [this.#all, category]) part.add(episode, chosen);
    this.#turns += turns.length;
    this.#unreadable += turns.length - chosen.length;
    if (chosen.length < turns.length) this.#malformed++;
    if (end !== "answered") this.#endless++;
  }

  /** Episodes of one question are alike, so a question counts as one observation for the interval. */
  outcome(): Omit<EvaluationEvent, "step" | "moment"> {
    const accuracy = ({ correct, episodes, questions }: Part) => accuracyOf(correct, episodes, questions);
    const categories = [...this.#categories].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      accuracy: accuracy(this.#all),
      categories: Object.fromEntries(categories.map(([name, part]) => [name, accuracy(part)])),
      truncated: this.#endless,
      malformed: this.#malformed,
      choices: {
        ...this.#all.choices(),
        episodes: this.#perQuestion,
        turns: this.#turns,
        unreadable: this.#unreadable,
        categories: Object.fromEntries(categories.map(([name, part]) => [name, part.choices()])),
      },
    };
  }
}
