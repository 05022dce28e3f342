/** Tools of files on disk, read once and again when a file has changed: a workspace is asked about far more often than it changes. */
import { fileStamp } from "./fileStamp.ts";
import { type FileTools, type IndexOptions, readTools } from "./indexFile.ts";

const NOTHING: FileTools = { tools: [], twins: [] };

export class ToolFiles {
  readonly #known = new Map<string, { stamp: string; tools: Promise<FileTools> }>();

  /** A file that is not there defines nothing. */
  async of(file: string, options: IndexOptions): Promise<FileTools> {
    const stamp = `${await fileStamp(file)} ${JSON.stringify(options.limits)} ${options.dialect?.id}`;
    const known = this.#known.get(file);
    if (known?.stamp === stamp) return known.tools;
    const tools = stamp.startsWith("undefined") ? Promise.resolve(NOTHING) : readTools(file, options);
    this.#known.set(file, { stamp, tools });
    // What could not be read may be readable the next time, unchanged.
    tools.catch(() => this.#known.delete(file));
    return tools;
  }

  /** Forgets all other files. */
  keep(files: ReadonlySet<string>): void {
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file);
  }
}
