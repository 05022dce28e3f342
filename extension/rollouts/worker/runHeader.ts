/** What the view says of the run as a whole. */
import { basename } from "node:path";
import type { RunHeader } from "../../../schemas/rolloutView.ts";
import type { RunRecord } from "../../../schemas/run.ts";
import type { RunReader } from "../../../server/store/reader.ts";
import type { GroupIndex } from "./groupIndex.ts";

const mostTools = 500;

export type StoreSummary = Pick<RunHeader, "step" | "accuracy" | "hardRows">;

export const nothingStored: StoreSummary = {
  step: 0,
  accuracy: { before: null, latest: null },
  hardRows: { before: null, latest: null },
};

/** Steps, accuracies and hard rows so far. */
export function summarize(reader: RunReader): StoreSummary {
  const evaluations = reader.evaluations();
  const before = evaluations.find(({ moment }) => moment === "before");
  const latest = evaluations.at(-1);
  const hard = new Map<string, number>();
  for (const { moment, correct } of reader.probes()) {
    hard.set(moment, (hard.get(moment) ?? 0) + Number(correct === 0));
  }
  const probed = reader.sampleStates();
  return {
    step: reader.counts().lastStep,
    accuracy: { before: before?.accuracy ?? null, latest: latest?.accuracy ?? null },
    hardRows: {
      before: hard.get("before") ?? null,
      latest: probed.length > 0 ? probed.filter(({ state }) => state.startsWith("hard")).length : null,
    },
  };
}

/** @param live whether a server has the run, here or on another machine */
export function headerOf(
  runDir: string,
  record: RunRecord | undefined,
  live: boolean,
  stored: StoreSummary,
  index: GroupIndex,
  goldTools: Iterable<string>,
): RunHeader {
  const cutOff = record?.state === "running" && !live;
  return {
    name: record?.id ?? basename(runDir),
    state: cutOff ? "interrupted" : (record?.state ?? (live ? "running" : "interrupted")),
    message: record?.message ?? null,
    ...stored,
    steps: record?.experiment.settings.steps ?? 0,
    groups: index.size,
    rollouts: index.rollouts,
    tools: [...new Set([...index.tools, ...goldTools])].sort().slice(0, mostTools),
  };
}
