/** Ways between the views of runs that are over, in the editor itself: menus by mouse and by keyboard, remembered filters, comparisons. */
import { HARD, madeRun } from "../../extension/replacements/testing/quickstartRun.ts";
import { replacementFileName } from "../../server/toolcalls/replacementName.ts";
import { editorTests } from "./support/fixture.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests();

uiTest(
  "a row's menu leads to the replacement of its sample, and a saved filter outlives the window",
  async ({ open, folder }) => {
    const workspace = quickstartIn(folder);
    madeRun(workspace);
    const window = await open(workspace);
    await window.run("ToolExpander: Open Rollouts");
    const view = new RolloutView(window);
    const hard = view.rows.filter({ hasText: HARD }).first();
    await hard.waitFor();

    const frame = window.webview;
    await frame.getByRole("button", { name: "More" }).click();
    await frame.getByLabel("Sample is").selectOption("hard");
    await frame.getByLabel("Save this one as").fill("what is hard");
    await frame.getByLabel("Save this one as").press("Enter");
    await frame.getByRole("button", { name: "Delete “what is hard”" }).waitFor();
    await frame.getByRole("button", { name: "Show all groups" }).click();
    await view.rows.first().waitFor();
    await window.keeps("toolexpander.savedFilters", "what is hard");
    await window.reload();
    // Whether or not the editor brought the panel back by itself, with what was open in it.
    await window.run("ToolExpander: Open Rollouts");
    const more = frame.getByRole("button", { name: "More" });
    const saved = frame.getByLabel("Saved filters");
    await until("the filters are unfolded", PATIENCE_MS, async () => {
      await more
        .and(frame.locator("[aria-expanded='false']"))
        .click({ timeout: 2_000 })
        .catch(() => {});
      return saved.isVisible();
    });
    await saved.selectOption("what is hard");
    await hard.waitFor();

    const edit = window.page.getByRole("menuitem", { name: /^Edit Replacement of Sample/ });
    await until("the menu is open", PATIENCE_MS, async () => {
      // A row that is drawn anew between press and release opens no menu.
      await hard.click({ button: "right", timeout: 2_000 }).catch(() => {});
      return edit.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
    // A menu that has just opened takes a click for the end of the one that opened it.
    await until("the menu takes the click", PATIENCE_MS, async () => {
      await edit.click({ timeout: 2_000 }).catch(() => {});
      return !(await edit.isVisible());
    });
    await window.tab(replacementFileName(HARD)).waitFor();
    await frame.getByRole("heading", { name: "Demonstrations" }).waitFor();
  },
);

uiTest(
  "a hard sample's menu in the tree opens by the keyboard, and leads to its replacement",
  async ({ open, folder }) => {
    const workspace = quickstartIn(folder);
    madeRun(workspace);
    const window = await open(workspace);
    await window.run("ToolExpander: Show Hard Samples");
    await window.treeItem(HARD).waitFor();
    // A tree that was empty when it was shown did not take the keyboard.
    await window.run("ToolExpander: Show Hard Samples");
    const focused = window.page.locator(".pane-body .monaco-list-row.focused");
    await until("the sample has the focus", PATIENCE_MS, async () => {
      await window.page.keyboard.press("ArrowDown");
      return (await focused.filter({ hasText: HARD }).count()) === 1;
    });
    await window.page.keyboard.press("Shift+F10");
    await window.page.getByRole("menuitem", { name: /^Edit Replacement of Sample/ }).waitFor();
    await window.page.keyboard.press("ArrowDown");
    const entry = window.page.locator(".monaco-menu .action-item.focused", { hasText: "Edit Replacement" });
    await until("the entry has the focus", PATIENCE_MS, async () => {
      if ((await entry.count()) === 1) return true;
      await window.page.keyboard.press("ArrowDown");
      return false;
    });
    await window.page.keyboard.press("Enter");
    await window.tab(replacementFileName(HARD)).waitFor();
  },
);

uiTest("runs are chosen in the palette and compared side by side", async ({ open, folder }) => {
  const workspace = quickstartIn(folder);
  madeRun(workspace);
  madeRun(workspace);
  const window = await open(workspace);
  await window.run("ToolExpander: Compare Runs…");
  const question = window.page.locator(".quick-input-widget", { hasText: "Which runs are compared?" });
  await question.waitFor();
  await question.getByRole("checkbox").first().click();
  await question.getByRole("button", { name: "OK" }).click();
  const frame = window.webview;
  await frame.getByRole("heading", { name: "Comparison of 2 runs" }).waitFor();
  const results = frame.getByRole("region", { name: "Results", exact: true }).getByRole("row");
  await until(
    "both results are told",
    PATIENCE_MS,
    async () => (await results.filter({ hasText: "0 of 1" }).count()) === 2,
  );
});
