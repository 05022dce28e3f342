/** Reading the episodes of a run; stores of earlier versions have none. */
import type { SQLInputValue } from "node:sqlite";
import type { EpisodePhase, EpisodeRecord, LessonRecord, TurnRecord } from "./episodeRows.ts";
import { asJson, type Row, StoreReader } from "./storeReader.ts";
import { EPISODES_SINCE } from "./tables.ts";

export interface EpisodeKey {
  step: number;
  phase: EpisodePhase;
  question: string;
  /** Of the question, from 0. */
  episode: number;
}

export interface EpisodeRow extends EpisodeKey, Omit<EpisodeRecord, "turns"> {
  /** How many. */
  turns: number;
}

export interface EpisodeQuery {
  step?: number;
  phase?: EpisodePhase;
  question?: string;
  correct?: boolean;
  limit: number;
  /** The row that the page before ended with. */
  after?: Pick<EpisodeRow, "step" | "phase" | "place" | "episode">;
}

/** The episodes of the data set, or those of one evaluation. */
export interface EpisodePart {
  step: number;
  phase: EpisodePhase;
  episodes: number;
  correct: number;
  turns: number;
}

/** An episode with what its turns come to. */
export interface EpisodeSummary extends EpisodeRow {
  /** That were called, by their first turn. */
  tools: string[];
  /** Sum of what its turns are paid; null where nobody paid them. */
  return: number | null;
  /** Turns whose observation is no result. */
  trouble: number;
  /** Turns in which nothing was viable. */
  nothingViable: number;
}

/** What a step learnt from a stored turn. */
export interface LessonRow extends LessonRecord {
  step: number;
}

const ORDER = "step, phase, place, episode";
const MOST_ROWS = 1000;

export class EpisodeReader extends StoreReader {
  /** A page of episodes, in the order of step, phase, question in its file, and episode. */
  episodes({ limit, after, ...wanted }: EpisodeQuery): EpisodeRow[] {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
      throw new RangeError(`A page has 1 to ${MOST_ROWS} rows, not ${limit}`);
    const equal = Object.entries(wanted).filter(([, value]) => value !== undefined);
    const conditions = equal.map(([name]) => `${name} = ?`);
    const values = equal.map(([, value]) => (typeof value === "boolean" ? Number(value) : value));
    if (after !== undefined) {
      conditions.push(`(${ORDER}) > (?, ?, ?, ?)`);
      values.push(after.step, after.phase, after.place, after.episode);
    }
    const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
    return this.#all(`SELECT * FROM episodes ${where} ORDER BY ${ORDER} LIMIT ?`, ...values, limit).map(toEpisode);
  }

  /** What there is of episodes, in the order of step and phase. */
  parts(): EpisodePart[] {
    const sql = `SELECT step, phase, count(*) AS episodes, sum(correct) AS correct, sum(turns) AS turns
      FROM episodes GROUP BY step, phase ORDER BY step, phase`;
    return this.#all(sql).map((row) => ({
      step: row.step as number,
      phase: row.phase as EpisodePhase,
      episodes: row.episodes as number,
      correct: row.correct as number,
      turns: row.turns as number,
    }));
  }

  /** All episodes of a part with what their turns come to, in the order of question in its file, and episode. */
  summaries({ step, phase }: Pick<EpisodePart, "step" | "phase">): EpisodeSummary[] {
    const sums = `SELECT question, episode, sum(reward) AS reward, count(trouble) AS trouble,
        count(*) FILTER (WHERE chosen_by = 'best') AS nothing_viable,
        json_group_array(tool ORDER BY turn) FILTER (WHERE tool IS NOT NULL) AS tools
      FROM turns WHERE step = ? AND phase = ? GROUP BY question, episode`;
    const known = new Map(this.#all(sums, step, phase).map((row) => [`${row.episode} ${row.question}`, row]));
    const episodes = "SELECT * FROM episodes WHERE step = ? AND phase = ? ORDER BY place, episode";
    return this.#all(episodes, step, phase).map((row) => {
      const sum = known.get(`${row.episode} ${row.question}`);
      return {
        ...toEpisode(row),
        tools: [...new Set(JSON.parse((sum?.tools as string | undefined) ?? "[]") as string[])],
        return: (sum?.reward as number | null | undefined) ?? null,
        trouble: (sum?.trouble as number | undefined) ?? 0,
        nothingViable: (sum?.nothing_viable as number | undefined) ?? 0,
      };
    });
  }

  /** Undefined where it is not, or no longer, in the store. */
  episode({ step, phase, question, episode }: EpisodeKey): EpisodeSummary | undefined {
    const sql = "SELECT * FROM episodes WHERE step = ? AND phase = ? AND question = ? AND episode = ?";
    const [row] = this.#all(sql, step, phase, question, episode);
    if (row === undefined) return undefined;
    const turns = this.turns({ step, phase, question, episode });
    return { ...toEpisode(row), ...summaryOf(turns) };
  }

  /** The turns of an episode in their order. */
  turns({ step, phase, question, episode }: EpisodeKey): TurnRecord[] {
    const sql = "SELECT * FROM turns WHERE step = ? AND phase = ? AND question = ? AND episode = ? ORDER BY turn";
    return this.#all(sql, step, phase, question, episode).map(toTurn);
  }

  /** What was learnt from the turns of a question, turn by turn and step by step. */
  lessonsOf(question: string): LessonRow[] {
    return this.#all("SELECT * FROM lessons WHERE question = ? ORDER BY turn, step", question).map(toLesson);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.version < EPISODES_SINCE ? [] : this.all(sql, ...values);
  }
}

/** As `summaries` has it of all episodes of a part at once. */
function summaryOf(turns: readonly TurnRecord[]): Omit<EpisodeSummary, keyof EpisodeRow> {
  const paid = turns.flatMap((turn) => turn.paid ?? []);
  return {
    tools: [...new Set(turns.flatMap(({ tool }) => tool ?? []))],
    return: paid.length > 0 ? paid.reduce((sum, { reward }) => sum + reward, 0) : null,
    trouble: turns.filter(({ trouble }) => trouble !== null).length,
    nothingViable: paid.filter(({ chosenBy }) => chosenBy === "best").length,
  };
}

function toEpisode(row: Row): EpisodeRow {
  return {
    step: row.step as number,
    phase: row.phase as EpisodePhase,
    question: row.question as string,
    episode: row.episode as number,
    place: row.place as number,
    category: row.category as string | null,
    query: row.query as string,
    turns: row.turns as number,
    correct: row.correct === 1,
    answer: row.answer as string | null,
    reason: row.reason as string,
  };
}

function toTurn(row: Row): TurnRecord {
  return {
    thought: row.thought as string,
    kind: row.kind as TurnRecord["kind"],
    tool: row.tool as string | null,
    action: row.action as string,
    observation: row.observation as string | null,
    trouble: row.trouble as string | null,
    ...(row.score !== null && {
      paid: {
        score: row.score as number,
        chosenBy: row.chosen_by as string,
        reward: row.reward as number,
        parts: asJson<Record<string, number>>(row.parts),
      },
    }),
  };
}

function toLesson(row: Row): LessonRow {
  return {
    step: row.step as number,
    question: row.question as string,
    turn: row.turn as number,
    value: row.value as number,
    advantage: row.advantage as number,
    target: row.target as number,
  };
}
