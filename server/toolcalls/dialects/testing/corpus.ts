/** The collection of real files beside the repository, where there is one; tests that read it are skipped elsewhere. */
import fs from "node:fs";
import path from "node:path";
import { parseExactJson } from "../../json.ts";

const beside = path.resolve(import.meta.dirname, "../../../../../shared/corpus");
export const corpus: string | undefined = fs.existsSync(beside) ? beside : undefined;
export const withoutCorpus = corpus === undefined && "the corpus is not here";

/** Paths of its JSON files, from its root. */
export function corpusFiles(): string[] {
  if (corpus === undefined) return [];
  return fs
    .readdirSync(corpus, { recursive: true, encoding: "utf8" })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => /\.jsonl?$/.test(file) && !file.startsWith("json-schema-test-suite/") && file.includes("/"))
    .sort();
}

/** The items of an array, or the values of the lines; none for a file that is no JSON. */
export function recordsOf(file: string): unknown[] {
  const text = fs.readFileSync(path.join(corpus ?? "", file), "utf8");
  try {
    const value = parseExactJson(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    try {
      return lines.map(parseExactJson);
    } catch {
      return [];
    }
  }
}
