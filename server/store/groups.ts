/**
 * One row for each group of rollouts, kept beside them: lists of groups would otherwise read every completion. A group
 * that is written again gets a new `revision`, so "what is new since" misses neither new groups nor replaced ones.
 */
import type { DatabaseSync } from "node:sqlite";

/** What counts the groups of some rollouts, chosen by the condition. */
const counted = (condition: string): string => `
INSERT INTO groups (step, phase, group_index, sample, prompt, marks, reward, advantage_low, advantage_high, tools)
SELECT step, phase, group_index, min(sample), min(prompt),
  group_concat(CASE WHEN correct THEN 'c' WHEN truncated THEN 't' WHEN format_ok THEN 'w' ELSE 'm' END, '' ORDER BY rollout),
  avg(reward), min(advantage), max(advantage), called_tools(json_group_array(completion ORDER BY rollout))
FROM rollouts WHERE ${condition} GROUP BY step, phase, group_index ORDER BY step, phase, group_index`;

/** Counts the training groups of a step anew, those that are no longer there included. */
export const countStep = [
  "DELETE FROM groups WHERE step = ? AND phase = 'train'",
  counted("step = ? AND phase = 'train'"),
] as const;

/** Counts one group anew. */
export const countGroup = [
  "DELETE FROM groups WHERE step = ? AND phase = ? AND group_index = ?",
  counted("step = ? AND phase = ? AND group_index = ?"),
] as const;

/** For a store that was made before there were groups. */
export function countAllGroups(database: DatabaseSync): void {
  database.exec(counted("true"));
}
