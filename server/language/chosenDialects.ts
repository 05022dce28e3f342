/** The setting `toolexpander.dialects`: dialects by glob, for files whose dialect is not to be detected. */
import type { Dialect } from "../toolcalls/dialects/dialect.ts";
import { DIALECTS, dialectNamed } from "../toolcalls/dialects/index.ts";
import { plain } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { globMatcher, hasWildcards } from "./globs.ts";

interface Choice {
  glob: string;
  dialect: Dialect;
  fits(file: string): boolean;
}

export class ChosenDialects {
  static readonly none = new ChosenDialects({});

  /** One sentence for each member of the setting that chooses nothing. */
  readonly faults: readonly string[];
  readonly #choices: readonly Choice[];

  /** @param setting ids of dialects by glob */
  constructor(setting: Readonly<Record<string, string>>) {
    const faults: string[] = [];
    const choices: Choice[] = [];
    for (const [glob, id] of Object.entries(setting)) {
      const dialect = dialectNamed(id);
      const fits = globMatcher(glob);
      if (dialect === undefined) faults.push(unknownDialect(glob, id));
      else if (fits === undefined) faults.push(`toolexpander.dialects: "${plain(glob)}" is no glob; correct it.`);
      else choices.push({ glob, dialect, fits });
    }
    this.faults = faults;
    this.#choices = choices.sort(moreExactFirst);
  }

  /** The dialect of the most exact glob that fits: a plain path before a glob with wildcards, then the longest. */
  of(file: string): Dialect | undefined {
    return this.#choices.find(({ fits }) => fits(file))?.dialect;
  }
}

function moreExactFirst(left: Choice, right: Choice): number {
  return Number(hasWildcards(left.glob)) - Number(hasWildcards(right.glob)) || right.glob.length - left.glob.length;
}

function unknownDialect(glob: string, id: string): string {
  const ids = DIALECTS.map((dialect) => dialect.id);
  return `toolexpander.dialects: there is no dialect "${plain(id)}" (for "${plain(glob)}")${endWithHint(id, ids)} Until then the dialect is detected. Known are ${ids.join(", ")}.`;
}
