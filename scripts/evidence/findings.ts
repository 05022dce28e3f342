/**
 * Compares what the language server reports on the corpus with the defects that are known to be in it, and writes the table
 * bench/results/findings.md. The corpus is no part of the repository: node scripts/evidence/findings.ts [folder of the corpus]
 */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RuleSet } from "../../server/language/analysis/ruleSet.ts";
import { type PlacedFinding, validateFiles } from "../../server/language/workspace/validateFiles.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { isJsonObject } from "../../server/toolcalls/json.ts";
import { reasonFor } from "./findingReasons.ts";

const root = path.resolve(import.meta.dirname, "../..");
const corpus = path.resolve(process.argv[2] ?? path.join(root, "../shared/corpus"));
const output = path.join(root, "bench/results/findings.md");

/** The rule that reports each kind of defect. */
const RULE_OF: Readonly<Record<string, string>> = {
  "arg-missing-nested": "argument-missing",
  "arg-missing-required": "argument-missing",
  "arg-not-in-enum": "argument-enum",
  "arg-type-mismatch": "argument-type",
  "arg-unknown": "argument-unknown",
  "array-items-missing": "array-items",
  "default-not-in-enum": "default-enum",
  "default-null-non-nullable": "default-null",
  "default-type-mismatch": "default-type",
  "enum-on-array": "enum-on-array",
  "enum-type-mismatch": "enum-type",
  "gold-empty-options": "gold-empty-options",
  "gold-only-empty-option": "gold-only-omitted",
  "name-not-openai-pattern": "tool-name",
  "nonstandard-optional-keyword": "schema-optional-keyword",
  "optional-marker-on-required": "gold-omitted-required",
  "required-outside-parameters": "required-outside-parameters",
  "required-unknown-property": "required-unknown",
  "result-input-differs": "result-input",
  "result-name-mismatch": "result-name",
  "several-tool_call-tags": "several-call-tags",
  "type-not-json-schema": "schema-type-name",
  "unknown-tool": "unknown-tool",
};

interface Defect {
  file: string;
  record: string;
  kind: string;
  detail: string;
}

interface Tally {
  listed: number;
  reported: number;
  missed: Defect[];
}

function readDefects(): Defect[] {
  return readFileSync(path.join(corpus, "findings.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (!isJsonObject(value)) throw new Error(`This line of findings.jsonl is no object: ${line}`);
      return {
        file: String(value.file),
        record: String(value.record),
        kind: String(value.kind),
        detail: String(value.detail),
      };
    });
}

/** A defect's file may be a pattern; the record then begins with the file's name. */
function filesOf(all: readonly Defect[]): string[] {
  const patterns = [...new Set(all.map(({ file }) => file))];
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: corpus }))
    .map((file) => path.join(corpus, file))
    .sort();
}

/** Catalogs that no defect is listed of, and that dialogues call. */
const CATALOGS = ["api-bank/tools_from_apis.json"];

/** Findings by file, record and rule; a record under its number and under its id. */
async function findingsOf(files: readonly string[]): Promise<Map<string, PlacedFinding[]>> {
  const byPlace = new Map<string, PlacedFinding[]>();
  for await (const batch of validateFiles([...CATALOGS.map((file) => path.join(corpus, file)), ...files], {
    rules: new RuleSet({}),
  })) {
    for (const placed of batch) {
      const key = `${path.relative(corpus, placed.file)}|${placed.record}|${placed.finding.rule}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), placed]);
    }
  }
  return byPlace;
}

function compare(
  all: readonly Defect[],
  findings: Map<string, PlacedFinding[]>,
): { tallies: Map<string, Tally>; extras: PlacedFinding[] } {
  const left = new Map([...findings].map(([key, list]) => [key, [...list]]));
  const numbers = new RecordNumbers();
  const tallies = new Map<string, Tally>();
  for (const defect of all) {
    const tally = tallies.get(defect.kind) ?? { listed: 0, reported: 0, missed: [] };
    tallies.set(defect.kind, tally);
    tally.listed++;
    const { file, record } = numbers.of(defect);
    // One finding answers one defect.
    if (left.get(`${file}|${record}|${RULE_OF[defect.kind]}`)?.pop() !== undefined) tally.reported++;
    else tally.missed.push(defect);
  }
  // Files are checked in any order; the table has one.
  const extras = [...left.values()]
    .flat()
    .filter(({ finding }) => finding.severity === "error")
    .sort((a, b) => (a.file === b.file ? a.record - b.record : a.file < b.file ? -1 : 1));
  return { tallies, extras };
}

/** Record numbers of the defects, which name records by number, by id, or by file and line. */
class RecordNumbers {
  readonly #byId = new Map<string, Map<string, number>>();

  of({ file, record }: Defect): { file: string; record: number } {
    if (file.endsWith("/*")) {
      const colon = record.lastIndexOf(":");
      return { file: file.slice(0, -1) + record.slice(0, colon), record: Number(record.slice(colon + 1)) - 1 };
    }
    // Function docs, as lines of dialogues above, are numbered from 1 in the list.
    if (file.includes("multi_turn_func_doc")) return { file, record: Number(record) - 1 };
    return { file, record: /^\d+$/.test(record) ? Number(record) : (this.#ids(file).get(record) ?? -1) };
  }

  #ids(file: string): Map<string, number> {
    let ids = this.#byId.get(file);
    if (ids === undefined) {
      const lines = readFileSync(path.join(corpus, file), "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "");
      ids = new Map(lines.map((line, index) => [idOf(line), index]));
      this.#byId.set(file, ids);
    }
    return ids;
  }
}

function idOf(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? String(value.id ?? value.name) : "";
  } catch {
    return "";
  }
}

function table(all: ReadonlyMap<string, Tally>, errors: readonly PlacedFinding[]): string {
  const rows = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, { listed, reported, missed }]) => {
      return `| ${kind} | ${RULE_OF[kind]} | ${listed} | ${reported} | ${((100 * reported) / listed).toFixed(1)} % | ${missed.length} |`;
    });
  return [
    "# Known defects of the corpus, and what is reported",
    "",
    "Made by `node scripts/evidence/findings.ts`. One finding of the kind's rule on the defect's record answers one defect.",
    "",
    "| kind | rule | listed | reported | share | missed |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    `Errors reported that the list does not hold: ${errors.length}.`,
    "",
    "## Not reported",
    "",
    ...grouped(
      [...all.values()].flatMap(({ missed }) =>
        missed.map((defect) => ({ ...defect, reason: reasonFor(defect.kind, defect.file, defect.detail) })),
      ),
    ),
    "",
    "## Errors that are not in the list",
    "",
    ...errors.map(({ file, record, finding }) => {
      const place = `${path.relative(corpus, file)}, record ${record}`;
      return `- ${place}: ${finding.rule}: ${plain(finding.message, 300)} ${reasonFor(finding.rule, file, finding.message)}`;
    }),
    "",
  ].join("\n");
}

function grouped(missed: readonly (Defect & { reason: string })[]): string[] {
  return missed.map(
    ({ file, record, kind, detail, reason }) => `- ${file}, record ${record}: ${kind}: ${plain(detail, 200)} ${reason}`,
  );
}

if (!existsSync(path.join(corpus, "findings.jsonl")))
  throw new Error(`There is no corpus at ${corpus}; name its folder.`);
const defects = readDefects();
const found = await findingsOf(filesOf(defects));
const { tallies, extras } = compare(defects, found);
writeFileSync(output, table(tallies, extras));
process.stdout.write(`${table(tallies, extras).split("\n## ")[0]}\nWritten to ${path.relative(root, output)}\n`);
