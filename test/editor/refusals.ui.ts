/** What cannot be done says so: without a folder, and in a workspace that is not trusted. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { cudaMissing } from "../../server/training/engine/onnx/devices/cudaDiagnosis.ts";
import { asClause } from "../../server/training/engine/onnx/devices/diagnosis.ts";
import { systemFacts } from "../../server/training/engine/onnx/devices/systemFacts.ts";
import { editorTests } from "./support/fixture.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests({
  askForTrust: true,
  settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
});

uiTest("without a folder every command is listed, and says what is missing", async ({ open }) => {
  const window = await open();
  const answers: [command: string, answer: RegExp][] = [
    ["Start Training", /no folder is open/],
    ["Debug Training", /no folder is open/],
    ["Generate Trajectories", /no folder is open/],
    ["Pause", /No run is training/],
    ["Resume", /No run is paused/],
    ["Stop", /No run lives/],
    ["Open Rollouts", /no run in this workspace/],
    ["Show Training Log", /no run in this workspace/],
  ];
  for (const [command, answer] of answers) {
    await window.run(`ToolExpander: ${command}`);
    await window.notification(answer).first().waitFor();
    await window.run("Notifications: Clear All Notifications");
  }
});

// Elsewhere the command asks, and a yes would fetch.
const gap = cudaMissing(await systemFacts(""));
if (gap?.lacks === "driver" || gap?.lacks === "system") {
  uiTest("CUDA support is not offered where it would be of no use", async ({ open }) => {
    const window = await open();
    await window.run("ToolExpander: Install CUDA Support");
    await window.notification(asClause(gap)).first().waitFor();
  });
}

uiTest("in a workspace without trust training waits, and nothing is written", async ({ open, folder }) => {
  const workspace = quickstartIn(folder);
  const window = await open(workspace);
  await window.status("Restricted Mode").waitFor();
  await window.run("ToolExpander: Start Training");
  await window.notification(/waits until you trust/).waitFor();
  await window.run("Notifications: Clear All Notifications");
  await window.run("ToolExpander: Generate Trajectories");
  await window.notification(/Generating trajectories .* waits until you trust/).waitFor();
  assert.equal(existsSync(path.join(workspace, "runs")), false);
});
