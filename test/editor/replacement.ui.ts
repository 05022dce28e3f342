/** A hard sample is mended: from the palette to the file, with undo, saving and the way back. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { HARD, madeRun } from "../../extension/replacements/testing/quickstartRun.ts";
import { editorTests } from "./support/fixture.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

uiTest("a hard sample is picked, edited, undone, saved and given back", async ({ open, folder }) => {
  const workspace = quickstartIn(folder);
  madeRun(workspace);
  const window = await open(workspace);
  await window.run("ToolExpander: Edit Replacement of Sample…");
  await window.choose(HARD);

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
