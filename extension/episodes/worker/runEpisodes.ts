/** The episodes of a run: those of its data set, which it learns from, and those that its evaluations played. */
import type { EpisodeKey, EpisodeRow, EpisodesHeader } from "../../../schemas/episodesView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { type EpisodePart, EpisodeReader, type EpisodeSummary } from "../../../server/store/episodeReader.ts";
import { RunReader } from "../../../server/store/reader.ts";
import { endOf } from "../../../server/training/episodes/endReason.ts";
import { isOfEpisodes } from "../../../server/training/offline/sources.ts";
import { Liveness } from "../../stores/liveness.ts";
import { RecordFile } from "../../stores/recordFile.ts";
import { hasStore, StoreReaders, sentenceOf } from "../../stores/storeReaders.ts";
import type { EpisodeSource, ReadEpisode } from "./episodeSource.ts";
import { playedEpisode, storedEpisode } from "./recordedEpisode.ts";
import { shortName, shortNames, shortQuery, Vocabulary } from "./rowTexts.ts";
import { StoredTrajectories } from "./storedTrajectories.ts";

/** Longest time for which nothing else is answered, milliseconds; a part is read as a whole. */
const SLICE = 25;

class OpenEpisodes extends StoreReaders {
  readonly episodes = this.open(EpisodeReader);
  readonly run = this.open(RunReader);
}

interface ReadPart {
  part: EpisodePart;
  rows: readonly EpisodeRow[];
}

type Facts = Pick<Extract<EpisodesHeader["source"], { kind: "run" }>, "step" | "accuracy">;

export class RunEpisodes implements EpisodeSource {
  readonly #dir: string;
  readonly #liveness: Liveness;
  #store: OpenEpisodes | undefined;
  #version = -1;
  /** Counting all episodes takes longer the more there are, so it gets a twentieth of the time. */
  #nextLook = 0;
  #facts: Facts = { step: 0, accuracy: null };
  readonly #parts = new Map<string, ReadPart>();
  #waiting: EpisodePart[] = [];
  #vocabulary = new Vocabulary();
  readonly #record: RecordFile;
  #trajectories: { of: RunRecord; stored: StoredTrajectories } | undefined;

  constructor(dir: string) {
    this.#dir = dir;
    this.#liveness = new Liveness(dir);
    this.#record = new RecordFile(dir);
  }

  get more(): boolean {
    return this.#waiting.length > 0;
  }

  refresh(): boolean {
    const anew = this.#store !== undefined && !this.#store.current;
    if (anew) this.forget();
    const store = this.#opened();
    if (!store) return anew;
    const gone = this.#look(store);
    const end = performance.now() + SLICE;
    let changed = anew || gone;
    for (let part = this.#waiting.shift(); part !== undefined; part = this.#waiting.shift()) {
      const rows = store.episodes.summaries(part).map(rowOf);
      for (const row of rows) this.#vocabulary.add(row);
      this.#parts.set(nameOf(part), { part, rows });
      changed = true;
      if (performance.now() > end) break;
    }
    return changed;
  }

  *rows(): Iterable<EpisodeRow> {
    for (const { rows } of this.#parts.values()) yield* rows;
  }

  header(): EpisodesHeader {
    const record = this.#record.read();
    const parts = [...this.#parts.values()].map(({ part }) => part);
    const state = record ? this.#liveness.shown(record.state) : "interrupted";
    const read = parts.length;
    return {
      source: {
        kind: "run",
        state,
        message: record?.message ?? null,
        ...this.#facts,
        steps: record?.experiment.settings.steps ?? 0,
        ofEpisodes: record === undefined || isOfEpisodes(record.experiment),
      },
      episodes: parts.reduce((sum, { episodes }) => sum + episodes, 0),
      categories: this.#vocabulary.categories,
      tools: this.#vocabulary.tools,
      stored: parts.some(({ phase }) => phase === "stored"),
      played: parts.flatMap(({ phase, step }) => (phase === "played" ? [step] : [])).sort((a, b) => a - b),
      reading: this.more ? { read, of: read + this.#waiting.length } : null,
      faults: { lines: 0, first: [] },
    };
  }

  async read(key: EpisodeKey): Promise<ReadEpisode | undefined> {
    const store = this.#opened();
    const summary = store?.episodes.episode(key);
    if (!store || !summary) return undefined;
    const turns = store.episodes.turns(key);
    if (key.phase === "played") return playedEpisode(rowOf(summary), summary, turns);
    const lessons = store.episodes.lessonsOf(key.question);
    const known = await this.#storedTrajectories()?.of(key.question, summary.place);
    const trajectory = known ?? "The record of the run cannot be read, so the candidates of its turns are not known.";
    return storedEpisode(rowOf(summary), summary, { turns, lessons, trajectory });
  }

  forget(): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
    this.#version = -1;
    this.#nextLook = 0;
    this.#parts.clear();
    this.#waiting = [];
    this.#vocabulary = new Vocabulary();
    this.#facts = { step: 0, accuracy: null };
  }

  sentenceOf(error: unknown): string {
    return sentenceOf(error, this.#dir);
  }

  [Symbol.dispose](): void {
    this.forget();
  }

  /** Finds parts that were written since. True where one is gone. */
  #look({ episodes, run }: OpenEpisodes): boolean {
    const version = episodes.dataVersion();
    const begun = performance.now();
    if (version === this.#version || begun < this.#nextLook) return false;
    const parts = episodes.parts();
    this.#waiting = parts.filter((part) => {
      const known = this.#parts.get(nameOf(part))?.part;
      return known === undefined || JSON.stringify(known) !== JSON.stringify(part);
    });
    const names = new Set(parts.map(nameOf));
    const gone = [...this.#parts.keys()].filter((name) => !names.has(name));
    for (const name of gone) this.#parts.delete(name);
    this.#facts = { step: run.counts().lastStep, accuracy: run.evaluations().at(-1)?.accuracy ?? null };
    this.#version = version;
    this.#nextLook = performance.now() + 20 * (performance.now() - begun);
    return gone.length > 0;
  }

  #opened(): OpenEpisodes | undefined {
    if (!this.#store && hasStore(this.#dir)) this.#store = new OpenEpisodes(this.#dir);
    return this.#store;
  }

  /** Undefined where the record cannot be read. */
  #storedTrajectories(): StoredTrajectories | undefined {
    const record = this.#record.read();
    if (record && this.#trajectories?.of !== record)
      this.#trajectories = { of: record, stored: new StoredTrajectories(record) };
    return record && this.#trajectories?.stored;
  }
}

const nameOf = ({ step, phase }: EpisodePart): string => `${step} ${phase}`;

function rowOf({ answer: _, reason, query, category, tools, ...summary }: EpisodeSummary): EpisodeRow {
  return {
    ...summary,
    query: shortQuery(query),
    category: category === null ? null : shortName(category),
    tools: shortNames(tools),
    end: endOf(reason),
  };
}
