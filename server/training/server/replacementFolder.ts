/** The files of `replacements/`, read anew where they changed. An editor's snapshot counts until the file itself changes. */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { REPLACEMENT_SUFFIX } from "../../toolcalls/replacementName.ts";

/** A hand edit is a page of text; what is longer is something else. */
export const MOST_BYTES = 1_000_000;

interface Known {
  /** What of a file changes when it is written, whatever the resolution of its time. */
  stamp: string;
  text: string;
}

export class ReplacementFolder {
  readonly #folder: string;
  readonly #known = new Map<string, Known>();
  readonly #offered = new Map<string, { text: string | null; stamp: string | undefined }>();

  /** @param folder need not be there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(file: string): string {
    return join(this.#folder, file);
  }

  /** What a client says a file holds; null: it is gone. */
  offer(file: string, text: string | null): void {
    this.#offered.set(file, { text, stamp: this.#known.get(file)?.stamp });
  }

  /** Texts by file name. A file that cannot be read now, or is too long, has a text that no check accepts: itself in short. */
  read(): Map<string, string> {
    this.#scan();
    const texts = new Map([...this.#known].map(([file, { text }]) => [file, text]));
    for (const [file, { text, stamp }] of this.#offered) {
      const known = this.#known.get(file);
      // The disk has caught up, or gone on.
      if (known?.stamp !== stamp || known?.text === text) this.#offered.delete(file);
      else if (text === null) texts.delete(file);
      else texts.set(file, text);
    }
    return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #scan(): void {
    const files = new Set(this.#names());
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file);
    for (const file of files) {
      const path = this.pathOf(file);
      const status = statSync(path, { throwIfNoEntry: false, bigint: true });
      if (!status?.isFile()) continue;
      const stamp = `${status.ino}:${status.size}:${status.mtimeNs}:${status.ctimeNs}`;
      if (this.#known.get(file)?.stamp === stamp) continue;
      this.#known.set(file, { stamp, text: status.size > MOST_BYTES ? "" : textOf(path) });
    }
  }

  #names(): string[] {
    let entries: Dirent[];
    try {
      entries = readdirSync(this.#folder, { withFileTypes: true });
    } catch {
      return []; // not there, or not ours to read: no edits
    }
    return entries.map(({ name }) => name).filter((name) => name.endsWith(REPLACEMENT_SUFFIX));
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
