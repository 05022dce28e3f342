/** Bundles every program anew whenever a source of it changes. The editor's task knows its lines (.vscode/tasks.json). */
import path from "node:path";
import { context, type Message, type Plugin } from "esbuild";
import { optionsFor } from "./bundle.ts";
import { entries } from "./entries.ts";

const dist = path.resolve(import.meta.dirname, "..", "dist");

/** Programs being bundled; a change may begin several. */
let going = 0;

function begin(): void {
  if (going++ === 0) console.log("[watch] build started");
}

function end(): void {
  if (--going === 0) console.log("[watch] build finished");
}

/** One line each, as the problem matcher reads them. */
function tell(severity: "error" | "warning", { text, location }: Message): void {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}` : "scripts/entries.ts:1:1";
  console.log(`${place}: ${severity}: ${text}`);
}

const told: Plugin = {
  name: "told",
  setup(build) {
    build.onStart(begin);
    build.onEnd(({ errors, warnings }) => {
      for (const message of errors) tell("error", message);
      for (const message of warnings) tell("warning", message);
      end();
    });
  },
};

const contexts = await Promise.all(
  entries.map((entry) => context({ ...optionsFor(entry, dist), plugins: [told], logLevel: "silent" })),
);
await Promise.all(contexts.map((one) => one.watch()));
