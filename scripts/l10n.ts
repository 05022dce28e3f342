/**
 * `l10n/bundle.l10n.json`: every message the extension hands to `l10n.t`, for translators. Writes the file; with `--check`
 * says whether it is as it should be.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(import.meta.dirname, "..");
const bundle = path.join(root, "l10n", "bundle.l10n.json");

/** Messages of a source, in order. @throws Error for a call whose message is no plain string, which nobody could translate */
export function messagesOf(source: string, file: string): string[] {
  const calls = [...source.matchAll(/\bl10n\s*\.t\(/g)];
  return calls.map(({ index, 0: call }) => {
    const literal = /^\s*("(?:[^"\\\n]|\\.)*")\s*[,)]/.exec(source.slice(index + call.length))?.[1];
    const line = source.slice(0, index).split("\n").length;
    if (literal === undefined) throw new Error(`${file}:${line}: the message of l10n.t must be a plain string`);
    return JSON.parse(literal) as string;
  });
}

/** What the bundle must hold: each message as the key of itself, sorted. */
function expectedBundle(): Record<string, string> {
  const files = globSync("extension/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  const messages = files.flatMap((file) => messagesOf(readFileSync(path.join(root, file), "utf8"), file));
  return Object.fromEntries([...new Set(messages)].sort().map((message) => [message, message]));
}

export const bundleText = (): string => `${JSON.stringify(expectedBundle(), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) writeFileSync(bundle, bundleText());
  else if (readFileSync(bundle, "utf8") !== bundleText()) {
    console.error("l10n/bundle.l10n.json is not as the sources say: run node scripts/l10n.ts");
    process.exitCode = 1;
  }
}
