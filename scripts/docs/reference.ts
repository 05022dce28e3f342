/**
 * Writes the pages of docs/ that are made from sources: formats from schemas, commands and settings from the manifest, curves
 * from the list of charts.
 * With --check nothing is written; 1 where a page is not as its sources say.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { curvesPage } from "./curvesPage.ts";
import { formatsPage } from "./formatsPage.ts";
import { commandsPage, settingsPage } from "./manifestPages.ts";

const folder = path.resolve(import.meta.dirname, "../../docs");

const pages: readonly (readonly [name: string, text: () => string])[] = [
  ["formats.md", formatsPage],
  ["commands.md", commandsPage],
  ["settings.md", settingsPage],
  ["curves.md", curvesPage],
];

/** Names of pages that are not as their sources say. */
export function staleReference(): string[] {
  const stale = pages.filter(([name, text]) => {
    const file = path.join(folder, name);
    return !existsSync(file) || readFileSync(file, "utf8") !== text();
  });
  return stale.map(([name]) => name);
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const stale = staleReference();
    if (stale.length > 0)
      process.stderr.write(`Stale in docs: ${stale.join(", ")}. Write them with: node scripts/docs/reference.ts\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else for (const [name, text] of pages) writeFileSync(path.join(folder, name), text());
}
