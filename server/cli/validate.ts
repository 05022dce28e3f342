/** `toolexpander validate`: the language server's checks, on files of any number and size. */
import { relative } from "node:path";
import type { ProfileId } from "../language/analysis/profiles.ts";
import { RuleSet, type RuleSettings } from "../language/analysis/ruleSet.ts";
import { RULES } from "../language/rules/index.ts";
import {
  noCounts,
  type PlacedFinding,
  type ValidateOptions,
  validateFiles,
} from "../language/workspace/validateFiles.ts";
import type { Severity } from "../toolcalls/dialects/dialect.ts";
import { plain, visible } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { REPLACEMENT_SUFFIX } from "../toolcalls/replacementName.ts";
import { dialectOption } from "./dialectOption.ts";
import { ExitCode } from "./exit.ts";
import { type FindingFormat, type FormatName, formatNamed, type Reported } from "./findings.ts";
import { filesNamed } from "./paths.ts";

export interface ValidateCommandOptions {
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
  "**/*.questions.jsonl",
  "**/*.results.jsonl",
  "**/*.trajectories.jsonl",
  "**/*.experiment.json",
  "**/experiment.json",
  `**/*${REPLACEMENT_SUFFIX}`,
];

export async function validateCommand(
  patterns: readonly string[],
  { format, dialect, rule = {}, profile = [] }: ValidateCommandOptions,
): Promise<ExitCode> {
  const chosen = dialect === undefined ? undefined : dialectOption(dialect);
  if (typeof chosen === "string") return complain(chosen);
  const fault = unknownRule(rule);
  if (fault !== undefined) return complain(fault);
  const files: string[] = [];
  for (const pattern of patterns) {
    const found = filesNamed(pattern, OUR_FILES);
    if (found.length === 0) return complain(`No file is named by "${plain(pattern)}".`);
    files.push(...found);
  }
  const options = { rules: new RuleSet(rule, profile), dialectOf: () => chosen };
  return report([...new Set(files)], options, formatNamed(format));
}

async function report(files: string[], options: ValidateOptions, output: FindingFormat): Promise<ExitCode> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  await write(output.begin?.() ?? "");
  const passed = noCounts();
  for await (const batch of validateFiles(files, { ...options, counts: passed })) {
    for (const { finding } of batch) counts[finding.severity]++;
    await write(batch.map((placed) => output.finding(reported(placed))).join(""));
  }
  await write(output.end?.(files.length, counts) ?? "");
  if (passed.uncompared > 0)
    process.stderr.write(
      `${passed.uncompared} records were not compared with others, since too many come before them; name fewer files at a time.\n`,
    );
  return counts.error > 0 ? ExitCode.input : ExitCode.done;
}

function reported({ file, finding, range }: PlacedFinding): Reported {
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
  if (text === "" || process.stdout.write(visible(text))) return Promise.resolve();
  return new Promise((drained) => process.stdout.once("drain", drained));
}

function unknownRule(rule: RuleSettings): string | undefined {
  const ids = RULES.map(({ id }) => id);
  const unknown = Object.keys(rule).find((id) => !ids.includes(id));
  return unknown === undefined ? undefined : `There is no rule "${plain(unknown)}"${endWithHint(unknown, ids)}`;
}

function complain(sentence: string): ExitCode {
  process.stderr.write(`${visible(sentence)}\n`);
  return ExitCode.misuse;
}
