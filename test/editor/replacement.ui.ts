/** A hard sample is mended: from the palette to the file, with undo, saving and the way back. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

uiTest("a hard sample is picked, edited, undone, saved and given back", async ({ open, folder }) => {
  const workspace = path.join(folder, "quickstart");
  copyWorkspace(path.join(root, "examples", "quickstart"), workspace);
  madeRun(workspace);
  const window = await open(workspace);
  await window.run("ToolExpander: Edit Replacement of Sample…");
  await window.choices.filter({ hasText: HARD }).waitFor();
  await window.page.keyboard.press("Enter");

  const replacements = path.join(workspace, "replacements");
  const view = window.webview;
  const query = view.getByLabel("The user asks");
  await query.waitFor();
  const [name = ""] = readdirSync(replacements);
  const file = path.join(replacements, name);
  const written = () => JSON.parse(readFileSync(file, "utf8"));
  const tab = (state: string) => window.page.locator(`.tabs-container .tab${state}`, { hasText: name });
  assert.equal(written().demonstrations[0].query, "Heat the hall to 20.");

  await query.fill("Warm the hall up to 20.");
  await tab(".dirty").waitFor();
  await view.locator(".part-question pre").getByText("Warm the hall up to 20.").waitFor();
  await window.page.keyboard.press("Control+z");
  await tab(":not(.dirty)").waitFor();
  await until("the undo in the view", PATIENCE_MS, async () => (await query.inputValue()) === "Heat the hall to 20.");

  const degrees = view.getByLabel("degrees", { exact: true });
  await degrees.fill("warm");
  await view.getByText("but the tool declares integer").waitFor();
  // The language server has found it too, and names its rule.
  const rule = view.locator(".at-fault .rule", { hasText: "argument-type" });
  await rule.waitFor();
  await degrees.fill("19");
  await view.getByText("but the tool declares integer").waitFor({ state: "detached" });
  await rule.waitFor({ state: "detached" });

  await view.getByRole("button", { name: "Edit as JSON" }).click();
  const json = view.getByRole("textbox", { name: "Arguments of set_heating as JSON" });
  await json.fill('{"room": "hall", "degrees": "cold", "duration": 60}');
  await view.locator(".cm-lintRange-error", { hasText: "cold" }).waitFor();
  await json.fill('{"room": "hall", "degrees": 19, "duration": 60}');
  await view.locator(".cm-lintRange-error").waitFor({ state: "detached" });
  await json.fill("{}");
  await json.press("ArrowLeft");
  await json.press("Control+Space");
  await view.locator(".cm-tooltip-autocomplete li", { hasText: "degrees" }).waitFor();
  await json.press("Escape");
  await json.fill('{"room": "hall", "degrees": 19, "duration": 60}');
  await until("the JSON is in the document", PATIENCE_MS, async () =>
    (await view.locator(".part-answer pre").innerText()).includes('"degrees":19'),
  );

  const why = view.getByLabel("Why this change");
  await why.fill("nineteen will do");
  // A new untitled file hides it.
  await window.page.keyboard.press("Control+Alt+n");
  await tab("").waitFor();
  await tab("").click();
  await until("the reason after the view was hidden", PATIENCE_MS, async () =>
    why.inputValue({ timeout: 2000 }).then(
      (text) => text === "nineteen will do",
      () => false,
    ),
  );
  await json.waitFor();
  // Typed and saved at once: nothing of it is lost.
  await view.getByLabel("Note").fill("by hand");
  await window.page.keyboard.press("Control+s");
  await tab(":not(.dirty)").waitFor();
  await view.locator(".verdict").getByText("is not live; it takes this when it is resumed").waitFor();
  const saved = written();
  assert.deepEqual(
    [saved.demonstrations[0].calls[0].arguments.degrees, saved.note, saved.history[0].why],
    [19, "by hand", "nineteen will do"],
  );

  await window.run("ToolExpander: Back to Automatic");
  await window.dialog.getByText("Give this sample back to the algorithm?").waitFor();
  await window.dialog.getByRole("button", { name: "Delete" }).click();
  await until("the end of the file", PATIENCE_MS, () => !existsSync(file));
  await tab("").waitFor({ state: "detached" });
});

uiTest("a live run takes the edit of a sample at its next draw, and gives it up again", async ({ open, folder }) => {
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
  const query = view.getByLabel("The user asks").first();
  await query.fill("Do as I say.");
  const edits = path.join(workspace, "replacements");
  const saved = (): boolean =>
    readdirSync(edits).some((name) => readFileSync(path.join(edits, name), "utf8").includes("Do as I say."));
  // On a busy machine the editor may save before the view has handed over what was typed last; a person saves again.
  await until("the edit is saved", PATIENCE_MS, async () => {
    await window.page.keyboard.press("Control+s");
    return saved();
  });
  await view
    .locator(".verdict.is-accepted")
    .getByText(/The run uses this edit from step \d+ on/)
    .waitFor();
  const sample = await view.getByRole("heading", { level: 1 }).innerText();
  await until("a draw of the edit", TRAINED_MS, () => {
    const used = reader.rollouts({ sample, phase: "train", newestFirst: true, limit: 1 }).rows[0];
    const edited = reader.draws(sample).some((draw) => draw.version === "edited" && draw.rollouts > 0);
    return edited && /Do as I say\./.test(reader.prompt(used?.promptHash ?? "") ?? "");
  });

  await window.run("ToolExpander: Back to Automatic");
  await window.dialog.getByRole("button", { name: "Delete" }).click();
  await window.notification(/The run chooses for itself again/).waitFor();
});
