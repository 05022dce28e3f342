/** The files of `replacements/`, read anew where they changed. An editor's snapshot counts until the file itself changes. */
import { type Dirent, readdirSync, readFileSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { REPLACEMENT_SUFFIX } from "../../toolcalls/replacementName.ts";

/** A hand edit is a page of text; what is longer is something else. */
export const MOST_BYTES = 1_000_000;

/** An editor writes a file in several goes, milliseconds apart. */
const SETTLED_MS = 100;

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

  /**
   * Calls back a moment after the folder changed. Where the system cannot watch (a network file system, a folder that comes
   * later) nothing is called: every step looks by itself, so what is missed is only told later.
   *
   * @returns ends the watching
   */
  watch(changed: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLED_MS).unref();
    };
    try {
      const watcher = watch(this.#folder, { persistent: false }, soon);
      watcher.on("error", () => watcher.close());
      return () => {
        clearTimeout(timer);
        watcher.close();
      };
    } catch {
      return () => {};
    }
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
      const found = stampOf(path);
      if (found === undefined || this.#known.get(file)?.stamp === found.stamp) continue;
      this.#known.set(file, { stamp: found.stamp, text: found.isLong ? "" : textOf(path) });
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

/** Undefined where there is no file, or none that may be looked at. */
function stampOf(path: string): { stamp: string; isLong: boolean } | undefined {
  try {
    const status = statSync(path, { bigint: true });
    if (!status.isFile()) return undefined;
    const stamp = `${status.ino}:${status.size}:${status.mtimeNs}:${status.ctimeNs}`;
    return { stamp, isLong: status.size > MOST_BYTES };
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
