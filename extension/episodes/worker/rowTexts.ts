/** How long texts of rows and headers are, which are all in memory at once. UTF-16 units. */
const LONGEST_QUERY = 200;
const LONGEST_NAME = 100;
/** Names of a row, and of a header. */
const MOST_NAMES = 20;
const MOST_LISTED = 500;

export const shortQuery = (query: string): string => query.slice(0, LONGEST_QUERY);
export const shortName = (name: string): string => name.slice(0, LONGEST_NAME);
export const shortNames = (names: Iterable<string>): string[] =>
  [...new Set(names)].slice(0, MOST_NAMES).map(shortName);

/** What the rows of a source have in common, for its filters. */
export class Vocabulary {
  readonly #categories = new Set<string>();
  readonly #tools = new Set<string>();

  add({ category, tools }: { category: string | null; tools: readonly string[] }): void {
    if (category !== null) this.#categories.add(category);
    for (const tool of tools) this.#tools.add(tool);
  }

  get categories(): string[] {
    return [...this.#categories].sort().slice(0, MOST_LISTED);
  }

  get tools(): string[] {
    return [...this.#tools].sort().slice(0, MOST_LISTED);
  }
}
