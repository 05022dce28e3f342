/**
 * The episodes of a file of trajectories. Rows and places are in memory; of a line that somebody looks at the text is read again, so that
 * the file's size does not matter.
 */
import { closeSync, openSync, readSync } from "node:fs";
import {
  type EpisodeKey,
  type EpisodeRow,
  type EpisodesHeader,
  episodeId,
  type GeneratedBy,
} from "../../../schemas/episodesView.ts";
import { describe, InputError } from "../../../schemas/problem.ts";
import { isSkipped, type TrajectoryHeader, type TrajectoryLine } from "../../../schemas/trajectories.ts";
import { headerLine, trajectoryLine } from "../../../server/training/spark/trajectoryLine.ts";
import type { EpisodeSource, ReadEpisode } from "./episodeSource.ts";
import { LineTail, MOST_LINE, type TailLine } from "./lineTail.ts";
import { readTrajectory, returnOf } from "./readTrajectory.ts";
import { shortName, shortNames, shortQuery, Vocabulary } from "./rowTexts.ts";

/** Bytes that are read and parsed before the time is looked at. */
const AT_ONCE = 1 << 18;
/** Longest time for which nothing else is answered, milliseconds. */
const SLICE = 25;
/** Faults that are told. */
const TOLD = 5;

interface Entry {
  row: EpisodeRow;
  /** Number and place of its line, and its bytes. */
  line: number;
  start: number;
  length: number;
}

export class TrajectoryEpisodes implements EpisodeSource {
  readonly #file: string;
  #tail: LineTail;
  #header: TrajectoryHeader | undefined;
  #entries = new Map<string, Entry>();
  /** How many of each question there are. */
  #counts = new Map<string, number>();
  /** Of a last line without an end, which comes again. */
  #open: Entry | undefined;
  #vocabulary = new Vocabulary();
  #faults: EpisodesHeader["faults"] = { lines: 0, first: [] };
  #more = false;

  constructor(file: string) {
    this.#file = file;
    this.#tail = new LineTail(file);
  }

  get more(): boolean {
    return this.#more;
  }

  refresh(): boolean {
    const end = performance.now() + SLICE;
    let changed = false;
    do {
      const { lines, anew } = this.#tail.read(AT_ONCE);
      if (anew) this.#clear();
      for (const line of lines) this.#take(line);
      changed ||= anew || lines.length > 0;
      const { read, of } = this.#tail.progress;
      this.#more = read < of;
    } while (this.#more && performance.now() < end);
    return changed;
  }

  *rows(): Iterable<EpisodeRow> {
    for (const { row } of this.#entries.values()) yield row;
  }

  header(): EpisodesHeader {
    return {
      source: { kind: "file", made: this.#header ? madeBy(this.#header) : null },
      episodes: this.#entries.size,
      categories: this.#vocabulary.categories,
      tools: this.#vocabulary.tools,
      stored: this.#entries.size > 0,
      played: [],
      reading: this.#more ? this.#tail.progress : null,
      faults: this.#faults,
    };
  }

  async read(key: EpisodeKey): Promise<ReadEpisode | undefined> {
    const entry = this.#entries.get(episodeId(key));
    if (entry === undefined) return undefined;
    const line = this.#lineOf(entry);
    return line && readTrajectory(line, entry.row, this.#header?.settings.threshold ?? null);
  }

  forget(): void {
    this.#tail = new LineTail(this.#file);
    this.#more = false;
    this.#clear();
  }

  sentenceOf(error: unknown): string {
    if (error instanceof InputError) return describe(error);
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      return `${this.#file} is no longer there: it was deleted, moved or renamed. Put it back, or open it where it is now.`;
    return `${this.#file} cannot be read: ${message}.`;
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  /** Undefined where something else lies there now: the file is another one, and the next look at it will find that. */
  #lineOf(entry: Entry): TrajectoryLine | undefined {
    try {
      const line = trajectoryLine(textAt(this.#file, entry), this.#file, entry.line, { exactNumbers: true });
      return line.question === entry.row.question ? line : undefined;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  #clear(): void {
    this.#header = undefined;
    this.#entries = new Map();
    this.#counts = new Map();
    this.#open = undefined;
    this.#vocabulary = new Vocabulary();
    this.#faults = { lines: 0, first: [] };
  }

  #take({ number, start, bytes, open }: TailLine): void {
    if (this.#open?.line === number) this.#remove(this.#open);
    if (bytes === undefined) {
      if (!open) this.#tellFault(`Line ${number} is longer than ${MOST_LINE >> 20} MiB and is not read.`);
      return;
    }
    const text = bytes.toString("utf8");
    if (text.trim() === "") return;
    try {
      if (number === 1) this.#header = headerLine(text, this.#file);
      else {
        const entry = this.#add(trajectoryLine(text, this.#file, number, { exactNumbers: false }), {
          line: number,
          start,
          length: bytes.length,
        });
        if (open) this.#open = entry;
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // What is half written yet is no fault.
      if (open) return;
      if (number === 1) throw error;
      const key = error.place?.key;
      this.#tellFault(`Line ${number}${key === undefined ? "" : ` (${key})`}: ${error.message}`);
    }
  }

  #tellFault(sentence: string): void {
    const { lines, first } = this.#faults;
    this.#faults = { lines: lines + 1, first: lines < TOLD ? [...first, sentence] : first };
  }

  #add(line: TrajectoryLine, place: Omit<Entry, "row">): Entry {
    const { question } = line;
    const episode = this.#counts.get(question) ?? 0;
    const row = rowOf(line, { step: 0, phase: "stored", question, episode }, place.line - 2);
    const entry = { row, ...place };
    this.#entries.set(episodeId(row), entry);
    this.#counts.set(question, episode + 1);
    this.#vocabulary.add(row);
    return entry;
  }

  #remove({ row }: Entry): void {
    this.#entries.delete(episodeId(row));
    this.#counts.set(row.question, row.episode);
    this.#open = undefined;
  }
}

function madeBy({ judge, settings: { rule, threshold }, model, seed, questions }: TrajectoryHeader): GeneratedBy {
  return { judge, rule, threshold, model: model.name, seed, questions: questions.count };
}

function rowOf(line: TrajectoryLine, key: EpisodeKey, place: number): EpisodeRow {
  const category = line.category === undefined ? null : shortName(line.category);
  const common = { ...key, place, query: shortQuery(line.query), category };
  if (isSkipped(line)) {
    const nothing = { turns: line.turn, return: null, tools: [], trouble: 0, nothingViable: 0 };
    return { ...common, correct: null, end: "skipped", ...nothing };
  }
  const { turns, correct, end } = line;
  const actions = turns.flatMap(({ candidates, chosen }) => candidates[chosen]?.action ?? []);
  return {
    ...common,
    correct,
    end,
    turns: turns.length,
    return: returnOf(turns.map(({ reward }) => reward)),
    tools: shortNames(actions.flatMap((action) => (action.kind === "call" ? [action.name] : []))),
    trouble: turns.filter(({ trouble }) => trouble !== undefined).length,
    nothingViable: turns.filter(({ by }) => by === "best").length,
  };
}

function textAt(file: string, { start, length }: Entry): string {
  const fd = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString("utf8", 0, readSync(fd, bytes, 0, length, start));
  } finally {
    closeSync(fd);
  }
}
