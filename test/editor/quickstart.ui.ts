/** From the palette to a stopped run, as a newcomer goes through it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { listRuns } from "../../server/store/runFolder.ts";
import { until } from "../../server/training/testing/harness.ts";
import { endless, shorten } from "../shortQuickstart.ts";
import { editorTests } from "./support/fixture.ts";

const uiTest = editorTests();

uiTest("create the quickstart, train, watch, pause, reload, resume, stop", async ({ open, folder }) => {
  const window = await open();
  await window.run("ToolExpander: Create Quickstart Workspace");
  await window.answer(`${folder}/`);
  const workspace = path.join(folder, "toolexpander-quickstart");
  await window.page.waitForURL((url) => url.searchParams.get("folder") === workspace);
  await window.ready();
  assert.ok(existsSync(path.join(workspace, "policy", "model.safetensors")));
  shorten(workspace, endless);

  await window.run("ToolExpander: Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor();
  const runs = () => listRuns(path.join(workspace, "runs"));
  assert.equal(runs().length, 1);

  await window.run("ToolExpander: Pause");
  await window.status(/paused/i).waitFor();
  await window.reload();
  await window.status(/paused/i).waitFor();
  await window.run("ToolExpander: Resume");
  await window.status(/quickstart.*\d+\/\d+/).waitFor();
  await window.run("ToolExpander: Stop");
  await window.status(/quickstart/).waitFor({ state: "detached" });
  await until("the run to be recorded as stopped", () => {
    const [run] = runs();
    return run !== undefined && "record" in run && run.record.state === "stopped";
  });
  assert.equal(runs().length, 1, "it was one run all along");
});
