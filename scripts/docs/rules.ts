/**
 * Writes docs/rules: a page for every rule of the language server, from the rule's own source, and an index.
 * With --check nothing is written; 1 where a page is missing, stale or of no rule.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PROFILE_IDS, PROFILE_SEVERITIES } from "../../server/language/analysis/profiles.ts";
import { RULES } from "../../server/language/rules/index.ts";
import type { Rule } from "../../server/language/rules/rule.ts";
import { DIALECTS } from "../../server/toolcalls/dialects/index.ts";

const folder = path.resolve(import.meta.dirname, "../../docs/rules");

/** Text of every page by file name. */
function rulePages(): Map<string, string> {
  const rules = [...RULES].sort((a, b) => (a.id < b.id ? -1 : 1));
  const pages = new Map(rules.map((rule) => [`${rule.id}.md`, pageOf(rule)]));
  const list = rules.map(
    ({ id, title, severity, profiles = [] }) =>
      `| [${id}](${id}.md) | ${title} | ${severity} | ${profiles.join(", ")} |`,
  );
  return pages.set(
    "README.md",
    [
      "# Rules",
      "",
      "Made by `node scripts/docs/rules.ts`.",
      "",
      "A rule of a profile is asked only where that provider is chosen (`--profile`, or the setting `toolexpander.profiles`) or a",
      "severity is set for it.",
      "",
      "| rule | what | severity | profile |",
      "|---|---|---|---|",
      ...list,
      "",
    ].join("\n"),
  );
}

function pageOf({ id, title, severity, profiles, documentation: { text, bad, good } }: Rule): string {
  const habits = DIALECTS.flatMap((dialect) => {
    const own = dialect.habits?.[id];
    return own === undefined ? [] : [`${own} in ${dialect.title}`];
  });
  const raised = PROFILE_IDS.filter((profile) => (PROFILE_SEVERITIES[profile][id] ?? severity) !== severity);
  if (raised.length > 0) habits.push(`error with the profile ${listOf(raised)}`);
  const condition = profiles === undefined ? "by default" : `with the profile ${listOf(profiles)}`;
  const where = habits.length > 0 ? `; ${habits.join(", ")}` : "";
  const example = (heading: string, source: string): string[] => [
    `## ${heading}`,
    "",
    ...source.split("\n").map((line) => `    ${line}`),
    "",
  ];
  return [
    `# ${title}`,
    "",
    `\`${id}\`, ${severity} ${condition}${where}.`,
    "",
    text,
    "",
    ...example("Reported", bad),
    ...example("Right", good),
  ].join("\n");
}

const listOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(" or ");

/** Names of pages that are not as the rules say. */
export function stalePages(): string[] {
  const pages = rulePages();
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const stale = [...pages].filter(
    ([name, text]) => !present.includes(name) || readFileSync(path.join(folder, name), "utf8") !== text,
  );
  return [...stale.map(([name]) => name), ...present.filter((name) => !pages.has(name))];
}

function write(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of rulePages()) writeFileSync(path.join(folder, name), text);
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const stale = stalePages();
    if (stale.length > 0)
      process.stderr.write(`Stale in docs/rules: ${stale.join(", ")}. Write them with: node scripts/docs/rules.ts\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else write();
}
