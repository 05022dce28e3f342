/** Which rollout: the one that a person picks among the correct ones. */
import * as vscode from "vscode";
import type { RolloutPosition } from "../../schemas/run.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { inform, pick } from "../window.ts";
import type { CorrectRollout } from "./messages.ts";

/** Undefined where the person chose none, or there is none, which has then been said. */
export async function pickRollout(rollouts: readonly CorrectRollout[]): Promise<RolloutPosition | undefined> {
  if (rollouts.length === 0) {
    void inform(
      vscode.l10n.t("No rollout of this run's training has been correct yet, so there is nothing to promote."),
    );
    return undefined;
  }
  const items = rollouts.map(({ at, sample, query, calls }) => ({
    label: plain(sample, 100),
    description: vscode.l10n.t("step {0}, rollout {1}", at.step, at.rollout + 1),
    detail: `${plain(query, 200)} · ${calls}`,
    at,
  }));
  const title = vscode.l10n.t("Which correct rollout is to be a demonstration?");
  const options = { title, placeHolder: title, matchOnDescription: true, matchOnDetail: true };
  return (await pick(items, options))?.at;
}
