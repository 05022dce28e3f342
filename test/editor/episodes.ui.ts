/** Episodes turn by turn, in the editor itself: from a file of trajectories and from a run, by mouse and by keyboard. */
import path from "node:path";
import type { FrameLocator } from "playwright-core";
import { makeEpisodes, playAt } from "../../extension/episodes/testing/madeEpisodes.ts";
import { questionAt } from "../../extension/episodes/testing/madeTrajectories.ts";
import { stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { editorTests } from "./support/fixture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { until } from "./support/until.ts";
import { type EditorWindow, PATIENCE_MS } from "./support/window.ts";

const uiTest = editorTests();

const row = (view: FrameLocator, text: string) => view.locator("[role=grid] [role=row]", { hasText: text }).first();

/** Presses a key until the view says that it stands where it leads. */
async function stepsTo({ page, webview }: EditorWindow, key: string, name: string): Promise<void> {
  const current = webview.locator(".turn[aria-current='step'] .turn-name");
  await until(`${key} leads to ${name}`, PATIENCE_MS, async () => {
    if ((await current.innerText()) === name) return true;
    await page.keyboard.press(key);
    return (await current.innerText()) === name;
  });
}

uiTest("a file of trajectories and a run show their episodes turn by turn", async ({ open }) => {
  using run = makeEpisodes({ state: "finished" });
  const lesson = { question: questionAt(0), turn: 0, value: 0.5, advantage: 0.25, target: 0.75 };
  run.writer.recordStep({ ...stepOf(1, 0, 1, 1), lessons: [lesson] });
  playAt(run, 1);
  run.close();
  const window = await open(path.dirname(run.trajectories));
  const view = window.webview;

  await new TextEditor(window).open("train.trajectories.jsonl");
  await window.page.locator(".editor-actions").getByRole("button", { name: "Show Episodes" }).click();
  await row(view, questionAt(0)).click();
  await view.getByText("Of 2 viable actions (score above 6) among 4").waitFor();
  await stepsTo(window, "ArrowRight", "Turn 2");
  await window.page.keyboard.press("n");
  await view.getByRole("heading", { name: "How long is 1 cm?" }).waitFor();
  await stepsTo(window, "ArrowRight", "Turn 2");
  await view.getByText("None: the answer ended the episode.").waitFor();

  await window.run("ToolExpander: Open Rollouts");
  await view.getByRole("heading", { name: "This run has episodes, and no rollouts" }).waitFor();
  await view.getByRole("button", { name: "Show Episodes" }).click();
  await row(view, "heldout-0").waitFor();
  const origin = view.locator('vscode-dropdown[aria-label="Stored, or played at which step"]');
  await origin.click();
  await origin.locator('vscode-option[aria-label="Stored"]').click();
  await row(view, questionAt(0)).click();
  await view.getByRole("heading", { name: "Learnt" }).waitFor();
  await view.getByRole("row", { name: /^1\s+1\s+0\.50\s+\+0\.25\s+0\.75$/ }).waitFor();
  await stepsTo(window, "ArrowRight", "Turn 2");

  await window.keepsPanel("toolexpander.episodes", run.folder);
  await window.reload();
  // The editor may have lost the panel, and then brings another tab to the front; with none of ours there it asks whose episodes.
  await window.run("ToolExpander: Show Episodes");
  const file = window.choices.filter({ hasText: "train.trajectories.jsonl" }).first();
  await until("the episodes are there again", PATIENCE_MS, async () => {
    await file.click({ timeout: 2_000 }).catch(() => {});
    return row(view, questionAt(0)).isVisible();
  });
});
