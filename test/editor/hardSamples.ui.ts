/** Hard samples and curves of a live run: both lead to its rollouts by the keyboard alone. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { endless, shorten } from "../shortQuickstart.ts";
import { root } from "../sources.ts";
import { editorTests } from "./support/fixture.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { until } from "./support/until.ts";
import type { EditorWindow } from "./support/window.ts";

/** Longest wait for something that has to be trained first, milliseconds. */
const TRAINED_MS = 180_000;

const uiTest = editorTests();

uiTest(
  "a hard sample of a live run is listed with its state, and Enter opens its rollouts",
  async ({ open, folder }) => {
    const workspace = path.join(folder, "quickstart");
    cpSync(path.join(root, "examples", "quickstart"), workspace, { recursive: true });
    shorten(workspace, endless);
    const window = await open(workspace);
    await window.run("ToolExpander: Start Training");
    await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
    await window.run("ToolExpander: Show Hard Samples");
    const samples = window.treeItem(/failed \d+\/\d+/);
    await samples.first().waitFor({ timeout: TRAINED_MS });

    const spoken = (await samples.first().getAttribute("aria-label")) ?? "";
    assert.match(spoken, /^Sample .+, (hard|retired|edited|excluded)/);
    const id = /^Sample ([^,]+),/.exec(spoken)?.[1] ?? "";
    await samples.first().hover();
    await window.page.locator(".workbench-hover", { hasText: "probe failed" }).waitFor();
    await window.page.keyboard.press("Escape");

    await picture(window, "hard-samples");
    await samples.first().focus();
    await window.page.keyboard.press("Enter");
    const view = new RolloutView(window);
    await view.detail.getByText(id, { exact: false }).first().waitFor();
    await view.watch();
    await until("only that sample is listed", TRAINED_MS, async () => {
      const shown = await view.rows.locator(".sample .mono").allInnerTexts();
      return shown.length > 0 && shown.every((text) => text === id);
    });
  },
);

/** `TOOLEXPANDER_PICTURE=1` keeps pictures of the views. */
async function picture(window: EditorWindow, name: string): Promise<void> {
  if (!process.env.TOOLEXPANDER_PICTURE) return;
  const file = path.join(root, "media", "screenshots", `${name}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  await window.page.screenshot({ path: file });
}
