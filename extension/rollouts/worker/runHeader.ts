/** What the view says of the run as a whole. */
import { basename } from "node:path";
import type { RoundEvent } from "../../../schemas/protocol.ts";
import type { RunHeader } from "../../../schemas/rolloutView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import { isOfEpisodes } from "../../../server/training/offline/sources.ts";
import type { Liveness } from "../../stores/liveness.ts";
import type { OpenStore } from "../../stores/openStore.ts";
import type { GroupIndex } from "./groupIndex.ts";

const mostTools = 500;

export interface StoreSummary extends Pick<RunHeader, "step" | "accuracy" | "hardRows" | "parts"> {
  rounds: readonly RoundEvent[];
  /** What the curriculum says of each sample, edits left out. */
  states: ReadonlyMap<string, string>;
}

export const nothingStored: StoreSummary = {
  step: 0,
  accuracy: { before: null, latest: null },
  hardRows: { before: null, latest: null },
  parts: [],
  rounds: [],
  states: new Map(),
};

/** Steps, accuracies, rounds and states of rows so far. */
export function summarize({ rollouts: reader, samples }: OpenStore): StoreSummary {
  const evaluations = reader.evaluations();
  const before = evaluations.find(({ moment }) => moment === "before");
  const latest = evaluations.at(-1);
  const hard = new Map<string, number>();
  for (const { moment, correct } of reader.probes()) {
    hard.set(moment, (hard.get(moment) ?? 0) + Number(correct === 0));
  }
  const states = samples.currentStates();
  return {
    step: reader.counts().lastStep,
    accuracy: { before: before?.accuracy ?? null, latest: latest?.accuracy ?? null },
    hardRows: {
      before: hard.get("before") ?? null,
      latest: states.size > 0 ? [...states.values()].filter((state) => state.startsWith("hard")).length : null,
    },
    parts: samples.partNames(),
    rounds: reader.rounds(),
    states,
  };
}

export function headerOf(
  runDir: string,
  record: RunRecord | undefined,
  liveness: Liveness,
  { rounds, states: _, ...stored }: StoreSummary,
  index: GroupIndex,
  goldTools: Iterable<string>,
): RunHeader {
  return {
    name: record?.id ?? basename(runDir),
    // Without a record a run is what its server says.
    state: liveness.shown(record?.state ?? "running"),
    message: record?.message ?? null,
    ...stored,
    steps: record?.experiment.settings.steps ?? 0,
    rounds: rounds.length,
    ofEpisodes: record !== undefined && isOfEpisodes(record.experiment),
    groups: index.size,
    rollouts: index.rollouts,
    tools: [...new Set([...index.tools, ...goldTools])].sort().slice(0, mostTools),
  };
}
