/** Episodes that a policy plays by itself, side by side: one engine call for each turn of all that still go on. */
import type { Question } from "../../../schemas/questions.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import type { Completion, Prompt, Sampling } from "../engine/policyEngine.ts";
import { Episode, type World } from "./episode.ts";
import { turnKey } from "./streams.ts";
import { parseTurn } from "./turn.ts";

/** One completion for each prompt, in their order. */
export type Draw = (prompts: Prompt[], sampling: Sampling) => Promise<Completion[]>;

export interface PlayOptions {
  draw: Draw;
  world: World;
  /** Of whole turns. */
  sampling: Sampling;
  /** Of the random keys; step is that of the run, 0 outside of one. */
  seed: number;
  step: number;
  /** Called after each turn with the episodes that have ended. */
  progress?: (ended: number) => void;
}

/** A question with its place among all questions. */
export interface PlacedQuestion {
  question: Question;
  index: number;
}

export async function playEpisodes(questions: readonly PlacedQuestion[], options: PlayOptions): Promise<Episode[]> {
  const { draw, world, sampling, seed, step, progress } = options;
  const episodes = questions.map(({ question, index }) => new Episode(question, index));
  for (let turn = 0; turn < world.steps; turn++) {
    const asked = promptsOf(episodes, world);
    if (asked.length === 0) break;
    const prompts = asked.map(({ episode, prompt }) => ({
      tokens: prompt.tokens,
      key: turnKey({ seed, step, episode: episode.index }, turn),
    }));
    const completions = await draw(prompts, sampling);
    for (const [place, { episode }] of asked.entries()) {
      const text = world.renderer.written((completions[place] as Completion).tokens);
      const { thought, action, end } = parseTurn(text);
      await episode.take({ thought, action, text: text.slice(0, end) }, world);
    }
    progress?.(episodes.filter(({ end }) => end !== undefined).length);
  }
  return episodes;
}

/** Prompts of the episodes that go on; one whose prompt is over the budget ends here. */
export function promptsOf<E extends Episode>(episodes: readonly E[], world: World): { episode: E; prompt: Rendered }[] {
  return episodes
    .filter(({ end }) => end === undefined)
    .flatMap((episode) => {
      const prompt = world.renderer.prompt(episode.question, episode.turns);
      if (prompt.tokens.length <= world.prompt) return [{ episode, prompt }];
      episode.overflow();
      return [];
    });
}
