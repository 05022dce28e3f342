/** The package for systems without an engine: it installs, says what it cannot do, and does the rest. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { editorTests } from "./support/fixture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests({ withoutEngine: true, settings: { "files.autoSave": "off" } });

uiTest("without an engine nothing is trained, which is said, and files are checked", async ({ open, folder }) => {
  const workspace = quickstartIn(folder);
  const window = await open(workspace);
  for (const command of ["Start Training", "Check Devices"]) {
    await window.run(`ToolExpander: ${command}`);
    await window
      .notification(/no engine for .* Checking files, looking at runs/)
      .first()
      .waitFor();
    await window.run("Notifications: Clear All Notifications");
  }
  assert.equal(existsSync(path.join(workspace, "runs")), false);
  await window.run("ToolExpander: Focus on Runs View");
  await window.page.locator(".welcome-view", { hasText: "has no engine for your system" }).first().waitFor();

  await window.run("View: Show Explorer");
  const editor = new TextEditor(window);
  await editor.open("quickstart.demos.jsonl");
  await editor.replace("set_priority", "set_priorit");
  await editor.squiggles("error").first().waitFor();
});
