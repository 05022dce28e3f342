/** What goes wrong around a live run is told in the window that looks at it, and breaks nothing. */
import assert from "node:assert/strict";
import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { STORE_FILE } from "../../server/store/database.ts";
import { listRuns, RECORD_FILE } from "../../server/store/runFolder.ts";
import { findServer } from "../../server/training/server/serverFile.ts";
import { editorTests } from "./support/fixture.ts";
import { RolloutView } from "./support/rolloutView.ts";
import { until } from "./support/until.ts";
import { endlessQuickstartIn, TRAINED_MS } from "./support/workspaces.ts";

const uiTest = editorTests();

const runsIn = (workspace: string): string[] => listRuns(path.join(workspace, "runs")).map(({ dir }) => dir);

uiTest("two windows start one run; a server that dies without a word is told in both", async (desk) => {
  const workspace = endlessQuickstartIn(desk.folder);
  const windows = [await desk.open(workspace), await desk.open(workspace)];
  await Promise.all(windows.map((window) => window.run("ToolExpander: Start Training")));
  for (const window of windows) await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  const [run = "", ...others] = runsIn(workspace);
  assert.deepEqual(others, [], "one run was started");

  const [window] = windows;
  assert.ok(window);
  await window.run("ToolExpander: Open Rollouts");
  const view = new RolloutView(window);
  await view.watch(TRAINED_MS);
  const pid = findServer(run)?.server.pid;
  assert.ok(pid);
  process.kill(pid, "SIGKILL");
  for (const one of windows)
    await one
      .notification(/ended without a word/)
      .first()
      .waitFor();
  await view.state.filter({ hasText: /interrupted/i }).waitFor();
  assert.ok((await view.shown()).length > 0, "what was stored is still shown");
});

uiTest("a run folder that is moved away while it is looked at is missed by name", async (desk) => {
  const workspace = endlessQuickstartIn(desk.folder);
  const window = await desk.open(workspace);
  await window.run("ToolExpander: Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  await window.run("ToolExpander: Open Rollouts");
  const view = new RolloutView(window);
  await view.watch(TRAINED_MS);
  await window.run("ToolExpander: Stop");
  await view.state.filter({ hasText: "Stopped" }).waitFor({ timeout: TRAINED_MS });

  const [run = ""] = runsIn(workspace);
  renameSync(run, `${run}-elsewhere`);
  await view.problem(/no longer there: it was deleted, moved or renamed/).waitFor();
  assert.ok(await view.rows.first().isVisible(), "the rows that were read stay");
  renameSync(`${run}-elsewhere`, run);
  await view.problem(/no longer there/).waitFor({ state: "detached" });
});

uiTest("a run of a newer version is listed, and refused with what to do", async (desk) => {
  const workspace = endlessQuickstartIn(desk.folder);
  const runs = path.join(workspace, "runs");
  const window = await desk.open(workspace);
  await window.run("ToolExpander: Start Training");
  await window.status(/quickstart.*\d+\/\d+/).waitFor({ timeout: TRAINED_MS });
  await window.run("ToolExpander: Stop");
  await until("the run has ended", TRAINED_MS, () => runsIn(workspace).every((run) => findServer(run) === undefined));

  const [run = ""] = runsIn(workspace);
  const newer = path.join(runs, "2099-01-01T00-00-00-newer");
  cpSync(run, newer, { recursive: true });
  const store = new DatabaseSync(path.join(newer, STORE_FILE));
  store.exec("PRAGMA user_version = 99");
  store.close();
  const record: Record<string, unknown> = JSON.parse(readFileSync(path.join(newer, RECORD_FILE), "utf8"));
  writeFileSync(path.join(newer, RECORD_FILE), JSON.stringify({ ...record, name: "newer" }));

  await window.run("View: Show ToolExpander");
  await window.treeItem(/^newer/).waitFor();
  await window.run("ToolExpander: Open Rollouts");
  await window.choose(/^newer/);
  await new RolloutView(window).problem(/newer version.*Update ToolExpander/).waitFor();
});
