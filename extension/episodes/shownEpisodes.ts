/** What a panel of episodes shows: those of a run, or those of a file of trajectories. */
import * as path from "node:path";
import { type RunToShow, runOf } from "../views/shown.ts";

export interface FileToShow {
  file: string;
}

export type EpisodesToShow = RunToShow | FileToShow;

export const isFile = (shown: EpisodesToShow): shown is FileToShow => "file" in shown;

/** Equal where the same is shown. */
export const keyOf = (shown: EpisodesToShow): string => (isFile(shown) ? shown.file : shown.folder);

export const nameOf = (shown: EpisodesToShow): string => (isFile(shown) ? path.basename(shown.file) : shown.title);

/** What is shown, in what a view kept of itself; undefined where it names nothing. */
export function episodesOf(state: unknown): EpisodesToShow | undefined {
  const { file } = (typeof state === "object" && state !== null ? state : {}) as { file?: unknown };
  return typeof file === "string" && file !== "" ? { file } : runOf(state);
}
