/**
 * One row for each group of rollouts, and one for each part of its rewards, kept beside them: lists of groups would otherwise read every completion. A group
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

/** What takes the parts of the rewards of some rollouts together. One that was no number is NULL, and is left out. */
const withParts = (condition: string): string => `
INSERT INTO group_parts (step, phase, group_index, name, low, high, by_rollout)
SELECT step, phase, group_index, part.key, min(part.value), max(part.value), json_group_object(CAST(rollout AS TEXT), part.value)
FROM rollouts, json_each(parts) AS part WHERE ${condition} AND part.type IN ('integer', 'real')
GROUP BY step, phase, group_index, part.key`;

const OF_STEP = "step = ? AND phase = 'train'";
const OF_GROUP = "step = ? AND phase = ? AND group_index = ?";

/** Counts the training groups of a step anew, those that are no longer there included. */
export const countStep = [
  `DELETE FROM groups WHERE ${OF_STEP}`,
  counted(OF_STEP),
  `DELETE FROM group_parts WHERE ${OF_STEP}`,
  withParts(OF_STEP),
] as const;

/** Counts one group anew. */
export const countGroup = [
  `DELETE FROM groups WHERE ${OF_GROUP}`,
  counted(OF_GROUP),
  `DELETE FROM group_parts WHERE ${OF_GROUP}`,
  withParts(OF_GROUP),
] as const;

/** For a store that was made before there were groups. */
export function countAllGroups(database: DatabaseSync): void {
  database.exec(counted("true"));
}

/** For a store that was made before their parts were kept. */
export function takeAllParts(database: DatabaseSync): void {
  database.exec(withParts("true"));
}
