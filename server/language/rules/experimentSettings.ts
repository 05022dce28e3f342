import { contradictionsIn, episodeContradictionsIn } from "../../../schemas/contradictions.ts";
import { ExperimentFile } from "../../../schemas/experiment.ts";
import { resolveSettings } from "../../../schemas/settings.ts";
import { follows } from "../../toolcalls/check.ts";
import { member } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Rule } from "./rule.ts";

export const experimentSettings: Rule = {
  id: "experiment-settings",
  severity: "error",
  title: "Settings that contradict one another",
  documentation: {
    text: "Each setting is in its range, but together with the others, those of the preset included, they make no sense: batches that cannot be cut, a group of one completion, a term without effect. Training refuses the experiment with the same sentence.",
    bad: '{"name":"a","preset":"grpo","model":"m","tools":["t.tools.json"],"train":"t.samples.jsonl","settings":{"sampling":{"groupSize":1}}}',
    good: '{"name":"a","preset":"grpo","model":"m","tools":["t.tools.json"],"train":"t.samples.jsonl","settings":{"sampling":{"groupSize":4}}}',
  },
  record({ value }, _reading, { report, dialect }) {
    if (dialect.id !== "experiment" || !follows(ExperimentFile, value)) return;
    const settings = resolveSettings(value);
    const episodes = value.trajectories === undefined ? [] : episodeContradictionsIn(settings);
    for (const { key, sentence } of [...contradictionsIn(value.preset, settings), ...episodes]) {
      report(nearest(value, ["settings", ...key]), sentence);
    }
  },
};

/** The innermost member on the way that the file has: a setting may be the preset's. */
function nearest(value: unknown, path: readonly string[]): Ref {
  let [ref, found] = [Ref.root, value];
  for (const key of path) {
    const inner = member(found, key);
    if (inner === undefined) return ref === Ref.root ? ref.at("preset") : ref.key;
    [ref, found] = [ref.at(key), inner];
  }
  return ref;
}
