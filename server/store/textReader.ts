/**
 * Looking for a text in what a policy was given and what it wrote. Every completion is read from the disk, the newest first:
 * an index over all their parts would cost the writer more than the rollouts themselves, and a scan reads a gigabyte in
 * seconds. Whoever reads stops whenever something else is due.
 */
import { type GroupPosition, toPosition } from "./groupReader.ts";
import { StoreReader } from "./storeReader.ts";

export interface Candidate extends GroupPosition {
  /** To be looked at; null where the text is known to be in it. */
  text: string | null;
}

export interface StoredPrompt {
  /** Number of its row. */
  row: number;
  hash: string;
  text: string;
}

export class TextReader extends StoreReader {
  /** Number of the last row of the completions, or of the prompts; 0 where there is none. */
  lastRow(table: "rollouts" | "prompts"): number {
    return (this.arrays(`SELECT max(rowid) FROM ${table}`)[0]?.[0] as number | null) ?? 0;
  }

  /**
   * Completions among the rows from `first` to `last` that hold the text or may hold it, the last one first: letters in any
   * case. SQLite decides where all is ASCII, in half the time that handing every text over takes. It knows no other letters'
   * cases and reads nothing behind a zero character: such texts come along, and whoever asks looks at them.
   *
   * @param text in lower case
   */
  candidates(text: string, first: number, last: number): Candidate[] {
    const sql = `SELECT step, phase, group_index,
        CASE WHEN ? AND octet_length(completion) = length(completion) THEN NULL ELSE completion END
      FROM rollouts WHERE rowid BETWEEN ? AND ?
      AND (completion LIKE ? ESCAPE '\\' OR octet_length(completion) <> length(completion)) ORDER BY rowid DESC`;
    // All at once, which takes half of the time that one after the other does.
    const rows = this.arrays(sql, Number(isPlain(text)), first, last, likePattern(text));
    return rows.map((row) => ({ ...toPosition(row), text: row[3] as string | null }));
  }

  /** Prompts with rows up to this one, the last written first. */
  *prompts(from: number): Iterable<StoredPrompt> {
    const sql = "SELECT rowid, hash, text FROM prompts WHERE rowid <= ? ORDER BY rowid DESC";
    for (const [row, hash, text] of this.each(sql, from)) {
      yield { row: row as number, hash: hash as string, text: text as string };
    }
  }

  /** Groups that were given one of the prompts. */
  groupsWith(hashes: readonly string[]): GroupPosition[] {
    if (hashes.length === 0) return [];
    const sql =
      "SELECT step, phase, group_index FROM groups WHERE prompt IN (SELECT value FROM json_each(?)) ORDER BY revision DESC";
    return this.arrays(sql, JSON.stringify(hashes)).map(toPosition);
  }

  /** The texts of one group: its prompt, or its completions. */
  *textsOf({ step, phase, group }: GroupPosition, kind: "prompt" | "completion"): Iterable<string> {
    const sql =
      kind === "prompt"
        ? "SELECT text FROM prompts WHERE hash = (SELECT prompt FROM groups WHERE step = ? AND phase = ? AND group_index = ?)"
        : "SELECT completion FROM rollouts WHERE step = ? AND phase = ? AND group_index = ?";
    for (const [text] of this.each(sql, step, phase, group)) yield text as string;
  }
}

/** Nothing but ASCII, and no zero character, at which SQLite takes a pattern to end. */
const isPlain = (text: string): boolean => [...text].every((sign) => sign > "\0" && sign < "\x80");

const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
