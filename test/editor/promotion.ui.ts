/** A correct rollout becomes a demonstration. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { HARD, madeRun } from "../../extension/replacements/testing/quickstartRun.ts";
import { editorTests } from "./support/fixture.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests({ settings: { "files.autoSave": "off", "toolexpander.tryRollouts": 6 } });

uiTest(
  "a correct rollout becomes a demonstration in the experiment's file, and undo takes it back",
  async ({ open, folder }) => {
    const workspace = quickstartIn(folder);
    madeRun(workspace);
    const file = path.join(workspace, "quickstart.demos.jsonl");
    const before = readFileSync(file, "utf8");
    const window = await open(workspace);
    await window.run("ToolExpander: Promote Rollout to Demonstration…");
    await window.choose(new RegExp(`${HARD}.*step 2, rollout 1`, "s"));
    const added = window.notification(new RegExp(`Added as ${HARD}-rollout to quickstart\\.demos\\.jsonl`)).first();
    await added.waitFor();
    assert.equal(readFileSync(file, "utf8"), before, "nobody has saved it yet");
    await added.getByRole("button", { name: "Show" }).click();
    const tab = (state: string) =>
      window.page.locator(`.tabs-container .tab${state}`, { hasText: "quickstart.demos.jsonl" });
    await tab(".dirty").waitFor();
    await window.page.locator(".view-line", { hasText: `"id":"${HARD}-rollout"` }).waitFor();
    await window.page.keyboard.press("Control+s");
    const last = () => readFileSync(file, "utf8").split("\n").at(-2) ?? "";
    await until("the saving", PATIENCE_MS, () => last().includes(`"id":"${HARD}-rollout"`));
    assert.equal(JSON.parse(last()).id, `${HARD}-rollout`);

    await window.run("ToolExpander: Promote Rollout to Demonstration…");
    await window.choose(HARD);
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
