/** A row of the list as the view shows it. */

import type { GroupRow } from "../../../schemas/rolloutView.ts";
import type { StoredGroup } from "../../../server/store/groupReader.ts";
import type { Dataset } from "../../stores/dataset.ts";
import type { OpenStore } from "../../stores/openStore.ts";

const longestQuery = 160;
const longestReason = 200;
const mostTools = 12;

export interface RowOf {
  group: StoredGroup;
  /** Of the completion that the row is; undefined for the group as a whole. */
  rollout?: number | undefined;
  dataset: Dataset | undefined;
  store: OpenStore | undefined;
  /** What the curriculum says of the sample. */
  state?: string | undefined;
}

export function toRow({ group, rollout, dataset, store, state = "" }: RowOf): GroupRow {
  const sample = dataset?.sample(group.phase, group.sample);
  const row: GroupRow = {
    step: group.step,
    phase: group.phase,
    group: group.group,
    revision: group.revision,
    sample: group.sample,
    query: shorten(sample?.query ?? "", longestQuery),
    marks: group.marks,
    reward: group.reward,
    advantage: group.advantage,
    tools: toolsOf(group, dataset).slice(0, mostTools),
    goldTools: Math.min(mostTools, new Set(sample?.answer.map(({ name }) => name)).size),
    put: store?.samples.draw(group)?.version ?? null,
    state: group.phase === "evaluation" ? "" : state,
  };
  const brief = rollout === undefined ? undefined : store?.samples.rollout(group, rollout);
  if (rollout === undefined || !brief) return row;
  const { reward, advantage, tokens, entropy, reason, begins } = brief;
  return {
    ...row,
    rollout,
    marks: group.marks[rollout] ?? "",
    reward,
    advantage: advantage === null ? null : [advantage, advantage],
    one: { tokens, entropy, reason: shorten(reason, longestReason), begins },
  };
}

/** Tools of the gold calls, then others that were called. */
export function toolsOf(group: StoredGroup, dataset: Dataset | undefined): readonly string[] {
  const gold = dataset?.sample(group.phase, group.sample)?.answer ?? [];
  return gold.length === 0 ? group.tools : [...new Set([...gold.map(({ name }) => name), ...group.tools])];
}

export const shorten = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
