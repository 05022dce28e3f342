/** `toolexpander validate`: the language server's checks, on files of any number and size. */
import { globSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { ProfileId } from "../language/analysis/profiles.ts";
import { RuleSet, type RuleSettings } from "../language/analysis/ruleSet.ts";
import { RULES } from "../language/rules/index.ts";
import { validateFiles } from "../language/workspace/validateFiles.ts";
import type { Severity } from "../toolcalls/dialects/dialect.ts";
import { DIALECTS, dialectNamed } from "../toolcalls/dialects/index.ts";
import { plain } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { REPLACEMENT_SUFFIX } from "../toolcalls/replacementName.ts";
import { ExitCode } from "./exit.ts";
import { type FindingFormat, type FormatName, formatNamed, type Reported } from "./findings.ts";

export interface ValidateOptions {
  format: FormatName;
  dialect?: string;
  rule?: RuleSettings;
  profile?: readonly ProfileId[];
}

/** What our own files are called; what a folder is searched for. */
const OUR_FILES = [
  "**/*.tools.json",
  "**/*.demos.jsonl",
  "**/*.demos.json",
  "**/*.samples.jsonl",
  "**/*.samples.json",
  "**/*.experiment.json",
  "**/experiment.json",
  `**/*${REPLACEMENT_SUFFIX}`,
];

export async function validateCommand(
  patterns: readonly string[],
  { format, dialect, rule = {}, profile = [] }: ValidateOptions,
): Promise<ExitCode> {
  const fault = misuse(dialect, rule);
  if (fault !== undefined) return complain(fault);
  const files: string[] = [];
  for (const pattern of patterns) {
    const found = filesOf(pattern);
    if (found.length === 0) return complain(`No file is named by "${plain(pattern)}".`);
    files.push(...found);
  }
  const chosen = dialect === undefined ? undefined : dialectNamed(dialect);
  const options = { rules: new RuleSet(rule, profile), ...(chosen === undefined ? {} : { dialect: chosen }) };
  return report([...new Set(files)], options, formatNamed(format));
}

async function report(
  files: string[],
  options: Parameters<typeof validateFiles>[1],
  output: FindingFormat,
): Promise<ExitCode> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  await write(output.begin?.() ?? "");
  for await (const batch of validateFiles(files, options)) {
    for (const { finding } of batch) counts[finding.severity]++;
    await write(batch.map((placed) => output.finding(reported(placed))).join(""));
  }
  await write(output.end?.(files.length, counts) ?? "");
  return counts.error > 0 ? ExitCode.input : ExitCode.done;
}

type Placed = Awaited<ReturnType<ReturnType<typeof validateFiles>["next"]>>["value"][number];

function reported({ file, finding, range }: Placed): Reported {
  return {
    file: relative(process.cwd(), file),
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
    severity: finding.severity,
    code: finding.rule,
    message: finding.message,
  };
}

/** Waits for a reader that is slower than the checks, so that what is printed never piles up. */
function write(text: string): Promise<void> {
  if (text === "" || process.stdout.write(text)) return Promise.resolve();
  return new Promise((drained) => process.stdout.once("drain", drained));
}

function misuse(dialect: string | undefined, rule: RuleSettings): string | undefined {
  if (dialect !== undefined && dialectNamed(dialect) === undefined) {
    const ids = DIALECTS.map(({ id }) => id);
    return `There is no dialect "${plain(dialect)}"${endWithHint(dialect, ids)} Known are ${ids.join(", ")}.`;
  }
  const ids = RULES.map(({ id }) => id);
  const unknown = Object.keys(rule).find((id) => !ids.includes(id));
  return unknown === undefined ? undefined : `There is no rule "${plain(unknown)}"${endWithHint(unknown, ids)}`;
}

function complain(sentence: string): ExitCode {
  process.stderr.write(`${sentence}\n`);
  return ExitCode.misuse;
}

/** Absolute paths of a file, of a folder's files of ours, or of what a pattern matches. */
function filesOf(pattern: string): string[] {
  const kind = statSync(pattern, { throwIfNoEntry: false });
  if (kind?.isFile()) return [resolve(pattern)];
  if (kind?.isDirectory())
    return globSync(OUR_FILES, { cwd: pattern })
      .map((file) => resolve(pattern, file))
      .sort();
  return globSync(pattern)
    .map((file) => resolve(file))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .sort();
}
