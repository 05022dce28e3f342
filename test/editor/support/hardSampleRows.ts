/** Rows of the tree of hard samples. */
import type { Locator } from "playwright-core";
import { until } from "./until.ts";
import type { EditorWindow } from "./window.ts";

/** A sample in the tree, once there is one: a tool that is folded is unfolded, as a person does. */
export async function hardSampleRow(window: EditorWindow, patience: number): Promise<Locator> {
  const sample = window.treeItem(/failed \d+\/\d+/).first();
  const folded = window.page.locator('.pane-body .monaco-list-row[aria-expanded="false"]', { hasText: /\d+ hard/ });
  await until("a hard sample in the tree", patience, async () => {
    if (await sample.isVisible()) return true;
    if ((await folded.count()) > 0)
      await folded
        .first()
        .click({ timeout: 5000 })
        .catch(() => {}); // it may be drawn anew
    return sample.isVisible();
  });
  return sample;
}
