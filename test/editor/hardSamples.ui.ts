/** Hard samples and curves of a live run: both lead to its rollouts by the keyboard. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { editorTests } from "./support/fixture.ts";
import { picture } from "./support/picture.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { until } from "./support/until.ts";
import { endlessQuickstartIn, TRAINED_MS } from "./support/workspaces.ts";

const uiTest = editorTests();

uiTest(
  "a hard sample is listed with its state, a curve has its steps, and Enter opens their rollouts",
  async ({ open, folder }) => {
    const workspace = endlessQuickstartIn(folder);
    const window = await open(workspace);
    await window.run("ToolExpander: Start Training");
    await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
    await window.run("ToolExpander: Show Hard Samples");
    const samples = window.treeItem(/failed \d+\/\d+/);
    await samples.first().waitFor({ timeout: TRAINED_MS });

    const history = window.page.locator(".workbench-hover", { hasText: "probe failed" });
    await until("its history is told", TRAINED_MS, async () => {
      // A row that changes while the pointer rests on it is another row: the pointer comes again.
      await window.status(/quickstart/).hover();
      await samples.first().hover();
      return history.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    });
    await picture(window, "hard-samples");
    await window.page.keyboard.press("Escape");

    // The list has the keyboard; its first row is a tool, and the row below that its worst sample.
    await window.run("ToolExpander: Show Hard Samples");
    const focused = window.page.locator(".pane-body .monaco-list-row.focused");
    let spoken = "";
    await until("a sample has the focus", TRAINED_MS, async () => {
      await window.page.keyboard.press("ArrowDown");
      spoken = await spokenBy(focused);
      return spoken.startsWith("Sample ");
    });
    assert.match(spoken, /^Sample [^,]+, (hard|retired|edited|excluded)/);
    const id = /^Sample ([^,]+),/.exec(spoken)?.[1] ?? "";
    await window.page.keyboard.press("Enter");
    const view = new RolloutView(window);
    await view.detail.getByText(id, { exact: false }).first().waitFor();
    await view.watch();
    await until("only that sample is listed", TRAINED_MS, async () => {
      const shown = await view.rows.locator(".sample .mono").allInnerTexts();
      return shown.length > 0 && shown.every((text) => text === id);
    });

    await window.run("ToolExpander: Open Curves");
    const reward = window.webview.getByRole("slider", { name: /^Reward by step/ });
    await reward.focus();
    await window.page.keyboard.press("Home");
    await until("the cursor stands at the first step", TRAINED_MS, async () => {
      return (await reward.getAttribute("aria-valuenow")) === "1";
    });
    await picture(window, "curves");
    await window.page.keyboard.press("Enter");
    await window.webview.getByRole("button", { name: "step 1" }).waitFor();
    await until("only rows of that step are listed", TRAINED_MS, async () => {
      const steps = await view.rows.locator(".step").allInnerTexts();
      return steps.length > 0 && steps.every((text) => Number.parseInt(text, 10) === 1);
    });
  },
);

/** Empty where no row has the focus. */
const spokenBy = async (focused: Locator): Promise<string> =>
  (await focused.count()) === 1 ? ((await focused.getAttribute("aria-label")) ?? "") : "";
