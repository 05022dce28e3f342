/**
 * From the palette to a stopped run, as a newcomer goes through it. `TOOLEXPANDER_PICTURE=1` also takes the picture of the
 * view that the README shows.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { listRuns } from "../../server/store/runFolder.ts";
import { endless, shorten } from "../shortQuickstart.ts";
import { editorTests } from "./support/fixture.ts";
import { picture } from "./support/picture.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { missingFromStore } from "./support/store.ts";
import { until } from "./support/until.ts";
import type { EditorWindow } from "./support/window.ts";
import { TRAINED_MS } from "./support/workspaces.ts";

/** Longest wait for a panel that a reload brings back, milliseconds. */
const RESTORED_MS = 60_000;

const uiTest = editorTests();

/** The status bar's item of a run that trains: its name, then steps done and steps in all. */
const trains = /quickstart.*\d+\/\d+/;

uiTest("create the quickstart, train, watch, pause, reload, resume, stop, export", async ({ open, folder }) => {
  const window = await open();
  await window.run("ToolExpander: Create Quickstart Workspace");
  await window.answerFolder(`${folder}/`);
  const workspace = path.join(folder, "toolexpander-quickstart");
  // Whether it is drawn is for ready() to say: under load the last byte comes late.
  await window.page.waitForURL((url) => url.searchParams.get("folder") === workspace, { waitUntil: "commit" });
  await window.ready();
  assert.ok(existsSync(path.join(workspace, "policy", "model.safetensors")));
  shorten(workspace, endless);
  const runs = () => listRuns(path.join(workspace, "runs"));

  await window.run("ToolExpander: Start Training");
  await window.status(trains).waitFor({ timeout: TRAINED_MS });
  assert.equal(runs().length, 1);
  const runFolder = runs()[0]?.dir ?? "";

  await window.run("ToolExpander: Open Rollouts");
  const view = new RolloutView(window);
  await view.watch(TRAINED_MS);
  const steps = async () => new Set((await trained(view)).map(({ step }) => step));
  await until("rows of three steps", TRAINED_MS, async () => (await steps()).size >= 3);
  await view.rows.first().click();
  await view.detail.getByText(/mean reward/).waitFor();
  await picture(window, "rollouts", "clear");

  await window.run("ToolExpander: Pause");
  await view.state.filter({ hasText: "Paused" }).waitFor();
  await window.status(/paused/i).waitFor();
  const before = await view.shown();
  assert.ok(before.length > 10, `${before.length} rows were shown`);
  assert.deepEqual(missingFromStore(runFolder, before), []);

  // The row that was opened stays open.
  await view.detail.getByText(/mean reward/).waitFor();

  for (let reloads = 1; !(await comesBack(window, view, path.basename(runFolder))); reloads++) {
    assert.ok(reloads < 3, "a reload brings the view back");
    await window.run("ToolExpander: Open Rollouts");
    await view.rows.first().click();
    await view.detail.getByText(/mean reward/).waitFor();
  }
  await view.detail.getByText(/mean reward/).waitFor();
  await view.watch();
  const newest = Math.max(...before.map(({ step }) => step));

  await window.run("ToolExpander: Resume");
  const later = async () => (await trained(view)).some(({ step }) => step > newest);
  await until("rows of a later step", TRAINED_MS, later);
  await window.run("ToolExpander: Stop");
  await view.state.filter({ hasText: "Stopped" }).waitFor({ timeout: TRAINED_MS });
  await window.status(/quickstart/).waitFor({ state: "detached" });
  const after = await view.shown();
  assert.deepEqual(missingFromStore(runFolder, after), []);

  const [run, ...others] = runs();
  assert.deepEqual(others, [], "it was one run all along");
  assert.equal(run !== undefined && "record" in run && run.record.state, "stopped");

  await window.run("ToolExpander: Export Model…");
  await window.choose("Model, bfloat16");
  await window.answerFolder(`${folder}/`);
  await window.notification(/The policy of quickstart.* after step \d+ is in /).waitFor();
  const exported = path.join(folder, `${path.basename(runFolder)}-bf16`);
  assert.ok(existsSync(path.join(exported, "model.safetensors")), exported);
  assert.ok(existsSync(path.join(exported, "tokenizer.json")));
});

const trained = async (view: RolloutView) => (await view.shown()).filter(({ phase }) => phase === "training");

/**
 * Reloads the window. False where the editor lost the panel: it does when its extension host, and with it whoever can open such a
 * panel again, ends before the editor has written what was open.
 */
async function comesBack(window: EditorWindow, view: RolloutView, run: string): Promise<boolean> {
  await window.keepsPanel("toolexpander.rollouts", run);
  await window.reload();
  await window.status(/paused/i).waitFor();
  return view.state
    .filter({ hasText: "Paused" })
    .waitFor({ timeout: RESTORED_MS })
    .then(
      () => true,
      () => false,
    );
}
