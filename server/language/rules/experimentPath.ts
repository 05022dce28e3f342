import { dirname, isAbsolute, join, resolve } from "node:path";
import { isModelId } from "../../prompts/modelCache.ts";
import { modelFolder } from "../../prompts/modelFolder.ts";
import { items, member } from "../../toolcalls/dialects/read.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import { plain } from "../../toolcalls/display.ts";
import { homesOf, liesWithin } from "../../toolcalls/project.ts";
import { entryAt } from "../../toolcalls/readable.ts";
import type { Rule } from "./rule.ts";

export const experimentPath: Rule = {
  id: "experiment-path",
  severity: "error",
  title: "Experiment that names what is not there",
  documentation: {
    text: "A path of the experiment leads nowhere, out of its project, to a folder where a file is needed, or to a folder that holds no model. Paths are relative to the experiment's own folder; a model may also be named as on the Hugging Face hub, `org/name`, where it has been downloaded. Training refuses the experiment.",
    bad: '{"name":"a","preset":"grpo","model":"model","tools":["food.tools.json"],"train":"trian.samples.jsonl"}',
    good: '{"name":"a","preset":"grpo","model":"model","tools":["food.tools.json"],"train":"train.samples.jsonl"}',
  },
  record({ value }, _reading, { report, dialect, origin }) {
    // A document that was never saved has no folder that paths could be relative to.
    if (dialect.id !== "experiment" || !isAbsolute(origin.file)) return;
    const folder = dirname(origin.file);
    const homes = homesOf(origin.file);
    // Nothing is touched of what lies elsewhere: this is looked at before anybody trusts it.
    const isOutside = (path: string, ref: Ref): boolean => {
      if (liesWithin(homes, resolve(folder, path))) return false;
      report(
        ref,
        `"${plain(path, 200)}" lies outside of this experiment's project; put it there, or allow its folder (toolexpander.allowedFolders).`,
      );
      return true;
    };
    const environment = member(value, "environment");
    const files = [
      ...["train", "heldOut", "demonstrations"].map((key) => ({ item: member(value, key), ref: Ref.root.at(key) })),
      ...["functions", "results"].map((key) => ({
        item: member(environment, key),
        ref: Ref.root.at("environment", key),
      })),
    ];
    for (const { item, ref } of [...items(member(value, "tools"), Ref.root.at("tools")), ...files]) {
      if (typeof item !== "string" || item === "" || isOutside(item, ref)) continue;
      const entry = entryAt(resolve(folder, item));
      if (entry === undefined) report(ref, `There is no file "${plain(item, 200)}" beside this experiment.`);
      else if (!entry.isFile()) report(ref, `A file is needed here, which "${plain(item, 200)}" is not.`);
    }
    const reward = member(member(value, "settings"), "reward");
    const rewardRef = Ref.root.at("settings", "reward");
    if (typeof reward === "string" && /^\.{1,2}\//.test(reward) && !isOutside(reward, rewardRef))
      if (entryAt(resolve(folder, reward))?.isFile() !== true)
        report(rewardRef, `There is no file "${plain(reward, 200)}" beside this experiment.`);
    const model = member(value, "model");
    if (typeof model !== "string" || model === "") return;
    const ref = Ref.root.at("model");
    if (!isModelId(model) && isOutside(model, ref)) return;
    const { folder: place, problem } = modelFolder(model, folder);
    if (place === undefined) report(ref, isModelId(model) ? problem : `There is no folder "${plain(model, 200)}".`);
    else if (entryAt(place)?.isDirectory() !== true) report(ref, `There is no folder "${plain(model, 200)}".`);
    else if (entryAt(join(place, "config.json")) === undefined)
      report(ref, `"${plain(model, 200)}" has no config.json; name a Hugging Face model directory.`);
  },
};
