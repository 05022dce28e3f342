/** Every dialect. A test holds that no file of this folder is forgotten here. */
import { acebench } from "./acebench.ts";
import { anthropic } from "./anthropic.ts";
import { apiBank } from "./apiBank.ts";
import { apiZoo } from "./apiZoo.ts";
import { bfcl } from "./bfcl.ts";
import type { Dialect } from "./dialect.ts";
import { experiment } from "./experiment.ts";
import { hammer } from "./hammer.ts";
import { hermes } from "./hermes.ts";
import { llamaFactory } from "./llamaFactory.ts";
import { mcp } from "./mcp.ts";
import { mistral } from "./mistral.ts";
import { msSwift } from "./msSwift.ts";
import { openai } from "./openai.ts";
import { openaiResponses } from "./openaiResponses.ts";
import { questions } from "./questions.ts";
import { replacement } from "./replacement.ts";
import { results } from "./results.ts";
import { sealTools } from "./sealTools.ts";
import { shareGpt } from "./shareGpt.ts";
import { tau } from "./tau.ts";
import { toolAlpaca } from "./toolAlpaca.ts";
import { toolace } from "./toolace.ts";
import { toolbench } from "./toolbench.ts";
import { toolexpander } from "./toolexpander.ts";
import { toolN1 } from "./toolN1.ts";
import { toolrl } from "./toolrl.ts";
import { trajectories } from "./trajectories.ts";
import { xlam } from "./xlam.ts";

export const DIALECTS: readonly Dialect[] = [
  acebench,
  anthropic,
  apiBank,
  apiZoo,
  bfcl,
  experiment,
  hammer,
  hermes,
  llamaFactory,
  mcp,
  mistral,
  msSwift,
  openai,
  openaiResponses,
  questions,
  replacement,
  results,
  sealTools,
  shareGpt,
  tau,
  toolace,
  toolAlpaca,
  toolbench,
  toolexpander,
  toolN1,
  toolrl,
  trajectories,
  xlam,
];

export const dialectNamed = (id: string): Dialect | undefined => DIALECTS.find((dialect) => dialect.id === id);

/** Below this a record is of no dialect. */
const LEAST = 0.4;

/** The dialect of most of these records; undefined where none fits. A file is of one dialect, so a few records are enough. */
export function detectDialect(
  values: readonly unknown[],
  dialects: readonly Dialect[] = DIALECTS,
): Dialect | undefined {
  let best: Dialect | undefined;
  let bestScore = LEAST * Math.max(1, values.length) - Number.EPSILON;
  for (const dialect of dialects) {
    const score = values.reduce<number>((sum, value) => sum + dialect.detect(value), 0);
    if (score > bestScore) [best, bestScore] = [dialect, score];
  }
  return best;
}
