/**
 * Scores that a judge has given already, by the hash of what it was asked: a repeated or resumed generation asks nothing twice.
 * The file is only ever appended to, one line of JSON a verdict, and a verdict is on the disk before anybody acts on it.
 */
import { mkdirSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../schemas/problem.ts";
import { explainWriteError } from "../../../store/diskErrors.ts";
import { readLines } from "../../../toolcalls/textLines.ts";
import { conforms } from "../../conforms.ts";
import { HIGHEST_SCORE } from "./judge.ts";
import { LONGEST_REASON } from "./readScores.ts";

/** Largest file that is read, bytes: all verdicts of one judge are kept in memory. */
const LARGEST_FILE = 512 * 2 ** 20;

const Line = Type.Object(
  {
    judge: Type.String({ description: "Identity of the judge." }),
    key: Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256 of the identity and the prompt." }),
    scores: Type.Array(Type.Number({ minimum: 0, maximum: HIGHEST_SCORE }), { minItems: 1, maxItems: 1024 }),
    reasons: Type.Array(Type.String({ maxLength: LONGEST_REASON }), { maxItems: 1024 }),
  },
  { additionalProperties: false },
);

/** One score for each candidate that was asked about, and a reason, which may be empty. */
export type Scored = Pick<Static<typeof Line>, "scores" | "reasons">;

export class VerdictCache {
  readonly #file: string;
  readonly #identity: string;
  readonly #handle: FileHandle;
  readonly #known: Map<string, Scored>;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, identity: string, handle: FileHandle, known: Map<string, Scored>) {
    this.#file = file;
    this.#identity = identity;
    this.#handle = handle;
    this.#known = known;
  }

  /**
   * Opens the file, and makes it where there is none. Verdicts of other judges are left alone.
   *
   * @throws InputError where the file holds something else, is too large, or may not be written
   */
  static async open(file: string, identity: string): Promise<VerdictCache> {
    try {
      mkdirSync(dirname(file), { recursive: true });
      const handle = await open(file, "a+", 0o600);
      try {
        const known = readVerdicts(file, identity);
        if (await isTorn(handle)) await handle.appendFile("\n");
        return new VerdictCache(file, identity, handle, known);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EISDIR" || code === "ENOTDIR" || code === "EEXIST") {
        throw new InputError("the judge's cache must be a file in a folder; name another place for it", { file });
      }
      throw explainWriteError(error, file, "what the judge said before is unchanged");
    }
  }

  /** Verdicts of this judge. */
  get size(): number {
    return this.#known.size;
  }

  /** @param count of the candidates, which a verdict that somebody edited may not have */
  get(key: string, count: number): Scored | undefined {
    const scored = this.#known.get(key);
    return scored?.scores.length === count ? scored : undefined;
  }

  /** Settles when the verdict is on the disk. @throws InputError where the disk takes no more */
  put(key: string, { scores, reasons }: Scored): Promise<void> {
    const line = { judge: this.#identity, key, scores, reasons };
    const written = this.#written.then(async () => {
      try {
        await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
        await this.#handle.datasync();
      } catch (error) {
        throw explainWriteError(error, this.#file, "what the judge said before is unchanged");
      }
      this.#known.set(key, { scores, reasons });
    });
    this.#written = written.catch(() => {});
    return written;
  }

  async close(): Promise<void> {
    await this.#written;
    await this.#handle.close();
  }
}

function readVerdicts(file: string, identity: string): Map<string, Scored> {
  const { size } = statSync(file);
  if (size > LARGEST_FILE) {
    throw new InputError(
      `the judge's cache is larger than ${LARGEST_FILE / 2 ** 20} MiB; name another file, or remove lines from this one`,
      { file },
    );
  }
  const known = new Map<string, Scored>();
  for (const { text, line } of readLines(file)) {
    const value = parsed(text);
    if (value === undefined) continue; // what a process that was killed had begun to write
    if (!conforms(Line, value)) {
      throw new InputError("this is no verdict of a judge; remove the line, or name another file for the cache", {
        file,
        line,
      });
    }
    if (value.judge === identity) known.set(value.key, { scores: value.scores, reasons: value.reasons });
  }
  return known;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the last line has no end: the next one must not be written behind it. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
