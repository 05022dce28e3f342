/** Hard samples: which run's are listed, and one of them with its rollouts. */
import * as vscode from "vscode";
import { idText, lineText } from "../hardSamples/hardText.ts";
import { nameText } from "../status/runText.ts";
import type { HardSample } from "../training/messages.ts";
import { inform, pick } from "../window.ts";
import { pickRun } from "./pickRun.ts";
import { folderOf, partOf } from "./target.ts";
import type { Workbench } from "./workbench.ts";

export async function showHardSamples({ runs, hardSamples }: Workbench, target: unknown): Promise<void> {
  const run = await pickRun(runs, target, {
    fits: () => true,
    question: vscode.l10n.t("Which run's hard samples?"),
    none: vscode.l10n.t("There is no run in this workspace yet."),
  });
  if (run) await hardSamples.show(run.folder);
}

/** Opens the rollouts of a sample, or those without a correct one of a tool. */
export async function openSample(workbench: Workbench, target: unknown): Promise<void> {
  const { runs, views, hardSamples } = workbench;
  const folder = folderOf(target) ?? hardSamples.listed?.run.folder;
  const run = folder === undefined ? undefined : runs.find(folder);
  if (!run) return showHardSamples(workbench, target);
  const shown = { folder: run.folder, title: nameText(run) };
  const [sample, tool] = [partOf(target, "sample"), partOf(target, "tool")];
  if (typeof sample === "string") openOne(workbench, shown, sample);
  else if (typeof tool === "string") views.openRollouts(shown, { tool, outcome: "noneCorrect", sort: "sample" });
  else {
    const picked = await pickSample(workbench);
    if (picked !== undefined) openOne(workbench, shown, picked);
  }
}

function openOne({ views }: Workbench, run: { folder: string; title: string }, sample: string): void {
  views.openRollouts(run, { sample });
  void vscode.commands.executeCommand("setContext", "toolexpander.sampleOpened", true);
}

async function pickSample({ hardSamples }: Workbench): Promise<string | undefined> {
  const { tools = [] } = hardSamples.listed?.samples ?? {};
  const samples = new Map(tools.flatMap((tool) => tool.samples).map((sample) => [sample.sample, sample]));
  if (samples.size === 0) {
    void inform(vscode.l10n.t("No sample of this run is known to be hard."));
    return undefined;
  }
  const items = [...samples.values()].map((sample: HardSample) => ({
    label: idText(sample),
    description: lineText(sample, vscode.l10n),
    id: sample.sample,
  }));
  const question = vscode.l10n.t("Which sample's rollouts?");
  const options = { title: question, placeHolder: question, matchOnDescription: true };
  return (await pick(items, options))?.id;
}
