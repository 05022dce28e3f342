/** Every generated file of the quickstart workspace: path inside it → content. */
import type { ExperimentFile } from "../../schemas/experiment.ts";
import { toTool } from "./catalog.ts";
import { demonstrationId, drawDataset, toDemonstration, toSample } from "./dataset.ts";
import { domains } from "./domains/index.ts";
import { policyFiles } from "./policyFiles.ts";
import type { Row } from "./row.ts";

export const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** One tool a line: short to read, and a change shows as one line. */
export const catalogText = (tools: readonly unknown[]): string =>
  `[\n${tools.map((tool) => `  ${JSON.stringify(tool)}`).join(",\n")}\n]\n`;

const samples = (prefix: string, rows: readonly Row[]): string =>
  jsonLines(rows.map((row, index) => toSample(prefix, row, index, rows.length)));

/** The experiment as it is first written; whoever tunes it owns it from then on. */
export const experiment: ExperimentFile = {
  name: "quickstart",
  preset: "grpo",
  scale: "micro",
  model: "policy",
  tools: domains.map((domain) => `tools/${domain.name}.tools.json`),
  train: "train.samples.jsonl",
  heldOut: "heldout.samples.jsonl",
  demonstrations: "quickstart.demos.jsonl",
};

export function workspaceFiles(): Map<string, string> {
  const { train, heldOut, demonstrations } = drawDataset();
  const files = new Map<string, string>();
  for (const domain of domains) files.set(`tools/${domain.name}.tools.json`, catalogText(domain.tools.map(toTool)));
  files.set("train.samples.jsonl", samples("train", train));
  files.set("heldout.samples.jsonl", samples("heldout", heldOut));
  files.set(
    "quickstart.demos.jsonl",
    jsonLines(demonstrations.map((row, index) => toDemonstration(row, demonstrationId(index)))),
  );
  for (const [name, content] of policyFiles()) files.set(`policy/${name}`, content);
  return files;
}
