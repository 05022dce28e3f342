/**
 * The walkthrough, from an empty window of a clean profile: each step is done when what it asks for has happened, and not before.
 * `TOOLEXPANDER_PICTURE=1` takes a picture of the page.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { endless, shorten } from "../shortQuickstart.ts";
import { editorTests } from "./support/fixture.ts";
import { hardSampleRow } from "./support/hardSampleRows.ts";
import { trainHardSamples } from "./support/liveRun.ts";
import { picture } from "./support/picture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { stepIds, Walkthrough } from "./support/walkthrough.ts";
import { TRAINED_MS } from "./support/workspaces.ts";

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

uiTest("every step of the walkthrough is done when what it asks for has happened", async ({ open, folder }) => {
  const window = await open();
  const page = new Walkthrough(window);
  const isDone = async (): Promise<string[]> => {
    const all = await Promise.all(stepIds.map(async (step) => ((await page.isDone(step)) ? [step] : [])));
    return all.flat();
  };
  await page.open();
  assert.deepEqual(await isDone(), []);
  await picture(window, "walkthrough", "clear");

  await page.press("quickstart", "Create Quickstart Workspace");
  await window.answerFolder(`${folder}/`);
  const workspace = path.join(folder, "toolexpander-quickstart");
  await window.page.waitForURL((url) => url.searchParams.get("folder") === workspace, { waitUntil: "commit" });
  await window.ready();
  await page.open();
  await page.done("quickstart");
  shorten(workspace, endless);
  trainHardSamples(workspace);

  await page.press("mend", "Show a Mistake to Mend");
  await window.tab("practice.tools.json").waitFor();
  const editor = new TextEditor(window);
  await editor.squiggles("error").first().waitFor();
  await page.open();
  assert.deepEqual(await isDone(), ["quickstart"], "a mistake that is only shown is not mended");
  await page.press("mend", "Show a Mistake to Mend");
  await window.run("Problems: Focus on Problems View");
  const problem = editor.problem(/float/);
  await editor.quickFix(problem, 'Write "number"');
  await problem.waitFor({ state: "detached" });
  await page.open();
  await page.done("mend");

  await page.press("train", "Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  await page.open();
  await page.done("train");

  await page.press("open", "Show Hard Samples");
  const sample = await hardSampleRow(window, TRAINED_MS);
  assert.deepEqual(await isDone(), ["quickstart", "mend", "train"]);
  await sample.click();
  await window.webview.getByRole("region", { name: "Group of completions" }).waitFor({ timeout: TRAINED_MS });
  await page.open();
  await page.done("open");

  await page.press("edit", "Edit Replacement of Sample");
  await window.choices.first().waitFor();
  await window.page.keyboard.press("Enter");
  const demonstration = window.webview.locator(".demonstration").first();
  await demonstration.getByLabel("The user asks").fill("Do as I say.");
  await window.run("ToolExpander: Use Replacement");
  await window.webview.locator(".verdict").getByText(/./).first().waitFor();
  await page.open();
  await page.done("edit");
  assert.deepEqual(await isDone(), [...stepIds]);
});
