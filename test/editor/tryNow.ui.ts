/** An edit is tried on the policy of a run while it trains, promoted, used, and told of when a step drew it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HARD, madeRun } from "../../extension/replacements/testing/quickstartRun.ts";
import { copyWorkspace } from "../../scripts/editor/workspace.ts";
import { STORE_FILE } from "../../server/store/database.ts";
import { RunReader } from "../../server/store/reader.ts";
import { listRuns } from "../../server/store/runFolder.ts";
import { endless, shorten } from "../shortQuickstart.ts";
import { root } from "../sources.ts";
import { editorTests } from "./support/fixture.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";

/** Longest wait for something that has to be trained first, milliseconds. */
const TRAINED_MS = 180_000;

const uiTest = editorTests({ settings: { "files.autoSave": "off", "toolexpander.tryRollouts": 6 } });

uiTest("a live run is tried on, goes on, and says when it used the edit", async ({ open, folder }) => {
  const workspace = path.join(folder, "quickstart");
  copyWorkspace(path.join(root, "examples", "quickstart"), workspace);
  // With one experiment, nobody is asked which.
  rmSync(path.join(workspace, "sweeps"), { recursive: true, force: true });
  shorten(workspace, endless);
  const experiment = path.join(workspace, "experiment.json");
  const settings: object = JSON.parse(readFileSync(experiment, "utf8"));
  writeFileSync(experiment, JSON.stringify({ ...settings, preset: "dmhs-replace" }));
  const window = await open(workspace);
  await window.run("ToolExpander: Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  const run = listRuns(path.join(workspace, "runs"))[0]?.dir ?? "";
  await until("the store", TRAINED_MS, () => existsSync(path.join(run, STORE_FILE)));
  using reader = new RunReader(run);
  await until("a hard sample", TRAINED_MS, () => reader.sampleStates().some(({ state }) => state.startsWith("hard")));

  await window.run("ToolExpander: Edit Replacement of Sample…");
  await window.choices.filter({ hasText: "failed probes" }).first().waitFor();
  await window.page.keyboard.press("Enter");
  const view = window.webview;
  await view.getByLabel("For how long").selectOption("always");
  const stored = reader.counts().rollouts;
  await view.getByText("Try now", { exact: true }).click();
  await view
    .locator(".try-phase")
    .getByText(/Drawn from the policy after step \d+/)
    .waitFor({ timeout: TRAINED_MS });
  for (const side of ["Your edit", "Automatic"]) {
    const rollouts = view.getByRole("region", { name: new RegExp(`^${side}`) }).locator(".tried");
    assert.equal(await rollouts.count(), 6, side);
  }
  await view.locator(".tried summary").first().click();
  await view.locator(".tried pre").first().waitFor();
  await until("further steps", TRAINED_MS, () => reader.counts().rollouts > stored);

  await view.getByText("Use", { exact: true }).click();
  await view
    .locator(".verdict.is-accepted")
    .getByText(/Used at step \d+: \d+ of \d+ rollouts correct\./)
    .waitFor({ timeout: TRAINED_MS });
  const sample = await view.getByRole("heading", { level: 1 }).innerText();
  const drawn = reader.draws(sample).filter(({ version }) => version === "edited");
  assert.ok(drawn.length > 0, "a draw of the edit is on record");

  await window.run("ToolExpander: Pause on Next Hard Sample");
  await window.notification(/pauses where a probe finds the next hard sample/).waitFor();
  const found = window.notification(/paused: the sample .* was found hard/).first();
  await found.waitFor({ timeout: TRAINED_MS });
  const hard = /the sample (\S+) was found hard/.exec(await found.innerText())?.[1] ?? "";
  await window.status(new RegExp(`at the hard sample ${hard}`)).waitFor();
  await found.getByRole("button", { name: "Edit Replacement" }).click();
  await window.tab(new RegExp(`^${hard}-.*\\.replacement\\.json`)).waitFor();
  await view.getByRole("heading", { level: 1, name: hard }).waitFor();
  // A run that is paused answers too, and stays paused.
  await view.getByText("Try now", { exact: true }).click();
  await view
    .locator(".try-phase")
    .getByText(/Drawn from the policy/)
    .waitFor({ timeout: TRAINED_MS });
  await window.status(/paused/).waitFor();
});

uiTest(
  "a correct rollout becomes a demonstration in the experiment's file, and undo takes it back",
  async ({ open, folder }) => {
    const workspace = path.join(folder, "quickstart");
    copyWorkspace(path.join(root, "examples", "quickstart"), workspace);
    madeRun(workspace);
    const file = path.join(workspace, "quickstart.demos.jsonl");
    const before = readFileSync(file, "utf8");
    const window = await open(workspace);
    await window.run("ToolExpander: Promote Rollout to Demonstration…");
    await window.choices.filter({ hasText: HARD }).filter({ hasText: "step 2, rollout 1" }).waitFor();
    await window.page.keyboard.press("Enter");
    const added = window.notification(new RegExp(`Added as ${HARD}-rollout to quickstart\\.demos\\.jsonl`)).first();
    await added.waitFor();
    assert.equal(readFileSync(file, "utf8"), before, "nobody has saved it yet");
    await added.getByRole("button", { name: "Show" }).click();
    const tab = (state: string) =>
      window.page.locator(`.tabs-container .tab${state}`, { hasText: "quickstart.demos.jsonl" });
    await tab(".dirty").waitFor();
    await window.page.locator(".view-line", { hasText: `"id":"${HARD}-rollout"` }).waitFor();
    await window.page.keyboard.press("Control+s");
    await until("the saving", PATIENCE_MS, () => readFileSync(file, "utf8") !== before);
    const [last = ""] = readFileSync(file, "utf8").trimEnd().split("\n").slice(-1);
    assert.equal(JSON.parse(last).id, `${HARD}-rollout`);

    await window.run("ToolExpander: Promote Rollout to Demonstration…");
    await window.choices.filter({ hasText: HARD }).first().waitFor();
    await window.page.keyboard.press("Enter");
    await window
      .notification(/has this question and this answer already/)
      .first()
      .waitFor();
    await window.page.locator(".view-line", { hasText: `"id":"${HARD}-rollout"` }).click();
    await window.page.keyboard.press("Control+z");
    await window.page.keyboard.press("Control+s");
    await until("the undo", PATIENCE_MS, () => readFileSync(file, "utf8") === before);
  },
);
