/** `toolexpander import`: samples of any dialect as the files an experiment reads, with a report of what was dropped and why. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { InputError } from "../../schemas/problem.ts";
import type { Sample } from "../../schemas/samples.ts";
import { type ImportResult, importFiles } from "../importing/importFiles.ts";
import type { Counted } from "../importing/importReport.ts";
import { type Split, splitByTool } from "../importing/splitByTool.ts";
import { replaceFile } from "../store/atomicFile.ts";
import { loadCatalog } from "../toolcalls/catalog.ts";
import { plain, visible } from "../toolcalls/display.ts";
import { loadSamples } from "../toolcalls/samples.ts";
import { dialectOption } from "./dialectOption.ts";
import { ExitCode } from "./exit.ts";
import { filesNamed } from "./paths.ts";
import { tableText } from "./table.ts";

export interface ImportCommandOptions {
  out: string;
  dialect?: string;
  heldOut: number;
  seed: number;
  force?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

const FILES = { tools: "tools/imported.tools.json", train: "train.samples.jsonl", heldOut: "heldout.samples.jsonl" };

/** @throws InputError where a file cannot be read, nothing can be imported, or files of an earlier import are in the way */
export async function importCommand(patterns: readonly string[], options: ImportCommandOptions): Promise<ExitCode> {
  const { dialect: name, heldOut: fraction, seed } = options;
  const dialect = name === undefined ? undefined : dialectOption(name);
  if (typeof dialect === "string") {
    process.stderr.write(`${visible(dialect)}\n`);
    return ExitCode.misuse;
  }
  const files = [...new Set(patterns.flatMap(filesOf))];
  if (options.dryRun !== true && options.force !== true) refuseExisting(options.out);
  const result = await importFiles(files, dialect === undefined ? {} : { dialect });
  const { rows, tools, report } = result;
  const families = [...Map.groupBy(tools, ({ original }) => original).values()].map((of) => of.map((one) => one.name));
  const split = splitByTool(rows, families, { fraction, seed });
  if (rows.length > 0 && options.dryRun !== true) write(options.out, result, split);
  process.stdout.write(
    visible(options.json === true ? `${JSON.stringify(jsonOf(result, split))}\n` : textOf(result, split, options)),
  );
  if (rows.length > 0) return ExitCode.done;
  throw new InputError(
    `Nothing could be imported of ${report.files.length === 1 ? "this file" : `${report.files.length} files`}; ` +
      "the reasons stand above. --dialect names the format where it was not recognised.",
  );
}

function filesOf(path: string): string[] {
  const found = filesNamed(path, "**/*.{json,jsonl,parquet}");
  if (found.length === 0) throw new InputError("No file is named so; give files, folders or patterns.", { file: path });
  return found;
}

function refuseExisting(out: string): void {
  for (const name of Object.values(FILES)) {
    const file = join(out, name);
    if (existsSync(file))
      throw new InputError("This file is already there; choose another folder with --out, or pass --force.", { file });
  }
}

/** Whole or not at all, and read again as training will read it. */
function write(out: string, { tools }: ImportResult, { train, heldOut }: Split): void {
  const place = (name: string): string => join(out, name);
  writeText(place(FILES.tools), `[\n${tools.map(({ value }) => `  ${JSON.stringify(value)}`).join(",\n")}\n]\n`);
  const samples = [[FILES.train, train] as const, [FILES.heldOut, heldOut] as const].filter(
    ([, rows]) => rows.length > 0,
  );
  for (const [name, rows] of samples) writeText(place(name), linesOf(rows));
  const catalog = loadCatalog([place(FILES.tools)]);
  for (const [name] of samples) loadSamples(place(name), catalog);
}

const linesOf = (rows: readonly Sample[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  replaceFile(file, (fd) => writeFileSync(fd, text));
}

const shown = ({ file, line }: Counted): string => `${plain(relative(process.cwd(), file), 500)}:${line}`;

function jsonOf({ tools, report }: ImportResult, split: Split): unknown {
  return {
    files: report.files,
    imported: report.imported,
    tools: tools.length,
    train: split.train.length,
    heldOut: split.heldOut.length,
    heldOutTools: split.heldOutTools,
    mixed: split.mixed.length,
    narrowed: split.narrowed,
    dropped: report.dropped,
    notes: report.notes,
  };
}

function textOf({ tools, report }: ImportResult, split: Split, { out, dryRun }: ImportCommandOptions): string {
  const { dropped, notes } = report;
  const renamed = tools.filter(({ name, original }) => name !== original).length;
  const lines = [
    `${report.imported} rows of ${tools.length} tools${renamed > 0 ? `, ${renamed} of them under another name` : ""}.`,
    `Training ${split.train.length}, held out ${split.heldOut.length} rows of ${split.heldOutTools.length} tools that training never sees.`,
    ...(split.mixed.length > 0 ? [`Left out: ${split.mixed.length} rows that call tools of both.`] : []),
    ...(split.narrowed > 0
      ? [`Offers of ${split.narrowed} training rows lost a held-out tool that they do not call.`]
      : []),
  ];
  if (dryRun !== true && report.imported > 0)
    lines.push(`Written to ${plain(out, 500)}: ${Object.values(FILES).join(", ")}.`);
  return `${[...lines, ...counted("dropped", dropped), ...counted("kept with a loss", notes)].join("\n")}\n`;
}

function counted(what: string, list: readonly Counted[]): string[] {
  if (list.length === 0) return [];
  const rows = list.map((one) => [String(one.count), plain(one.sentence, 120), shown(one)]);
  return ["", tableText([what, "why", "first"], rows)];
}
