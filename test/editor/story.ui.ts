/**
 * The whole story: a sample that the policy cannot solve is found while a run goes on, looked into, mended by hand, tried, used
 * at its next draw, and given back. `TOOLEXPANDER_PICTURE=1` takes a picture of each step.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { editorTests } from "./support/fixture.ts";
import { hardSamplingWorkspace, startedRun } from "./support/liveRun.ts";
import { picture } from "./support/picture.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";
import { TRAINED_MS } from "./support/workspaces.ts";

/** Of a try, to each side. */
const ROLLOUTS = 6;

const uiTest = editorTests({ settings: { "files.autoSave": "off", "toolexpander.tryRollouts": ROLLOUTS } });

uiTest("a hard sample is found, mended, tried, used and given back while its run goes on", async ({ open, folder }) => {
  const workspace = hardSamplingWorkspace(folder);
  const window = await open(workspace);
  using reader = await startedRun(window, workspace);

  await window.run("ToolExpander: Show Hard Samples");
  const row = window.treeItem(/failed \d+\/\d+/).first();
  await row.waitFor({ timeout: TRAINED_MS });
  await picture(window, "story-1-hard-samples", "clear");
  const edits = path.join(workspace, "replacements");
  const written = (): string[] => (existsSync(edits) ? readdirSync(edits).filter((name) => !name.startsWith(".")) : []);
  // The button shows on the row that the pointer rests on; a row that changes under it is another one.
  await until("its button is clicked", TRAINED_MS, async () => {
    await row.hover();
    return row
      .getByRole("button", { name: /^Edit Replacement/ })
      .click({ timeout: 5000 })
      .then(
        () => true,
        () => written().length > 0,
      );
  });
  await until("its replacement is written", TRAINED_MS, () => written().length > 0);
  const view = window.webview;
  const [name = ""] = written();
  const text = (): string => readFileSync(path.join(edits, name), "utf8");
  const { sample } = JSON.parse(text()) as { sample: string };
  await view.getByRole("heading", { level: 1, name: sample, exact: true }).waitFor();
  await view.getByLabel("For how long").selectOption("always");
  await picture(window, "story-2-replacement", "clear");

  // A wrong argument is marked as it is typed, and no longer when it is right.
  const card = view.locator(".demonstration").first();
  await card.getByRole("button", { name: "Edit as JSON" }).first().click();
  const json = card.getByRole("textbox", { name: /^Arguments of .* as JSON$/ }).first();
  let right = "";
  await until("the arguments as JSON", PATIENCE_MS, async () => {
    right = (await json.locator(".cm-line").allInnerTexts()).join("\n");
    return right.trim() !== "";
  });
  await json.fill('{"nobody": "knows this"}');
  await card.locator(".problems li", { hasText: "nobody" }).first().waitFor();
  await picture(window, "story-3-finding", "clear");
  await json.fill(right);
  await card.locator(".problems").waitFor({ state: "detached" });
  await card.getByLabel("The user asks").fill("Do as I say.");

  const stored = reader.counts().rollouts;
  await view.getByRole("button", { name: "Try now" }).click();
  await view
    .locator(".try-phase")
    .getByText(/Drawn from the policy after step \d+/)
    .waitFor({ timeout: TRAINED_MS });
  for (const side of ["Your edit", "Automatic"]) {
    const rollouts = view.getByRole("region", { name: new RegExp(`^${side}`) }).locator(".tried");
    await until(`${side}: all rollouts`, PATIENCE_MS, async () => (await rollouts.count()) === ROLLOUTS);
  }
  await view.locator(".tried summary").first().click();
  await view.locator(".tried pre").first().waitFor();
  await picture(window, "story-4-tried", "clear");
  await until("further steps", TRAINED_MS, () => reader.counts().rollouts > stored);

  await view.getByRole("button", { name: /^Use:/ }).click();
  await view
    .locator(".verdict.is-accepted")
    .getByText(/Used at step \d+: \d+ of \d+ rollouts correct\./)
    .waitFor({ timeout: TRAINED_MS });
  await picture(window, "story-5-used", "clear");
  assert.match(text(), /Do as I say\./);
  const drawn = reader.draws(sample);
  const ofEdit = drawn.filter(({ version, rollouts }) => version === "edited" && rollouts > 0);
  assert.ok(ofEdit.length > 0, `the draw of the edit is on record: ${JSON.stringify(drawn)}`);
  const [newest] = reader.rollouts({ sample, phase: "train", newestFirst: true, limit: 1 }).rows;
  assert.match(reader.prompt(newest?.promptHash ?? "") ?? "", /Do as I say\./);

  await window.run("ToolExpander: Back to Automatic");
  await window.dialog.getByRole("button", { name: "Delete" }).click();
  await window.notification(/The run chooses for itself again/).waitFor();
  await until("the end of the file", PATIENCE_MS, () => !existsSync(path.join(edits, name)));
});

uiTest("a run pauses on its next hard sample, says which, and can be tried on meanwhile", async ({ open, folder }) => {
  const workspace = hardSamplingWorkspace(folder);
  const window = await open(workspace);
  using _ = await startedRun(window, workspace);
  await window.run("ToolExpander: Pause on Next Hard Sample");
  await window.notification(/pauses where a probe finds the next hard sample/).waitFor();
  const found = window.notification(/paused: the sample .* was found hard/).first();
  await found.waitFor({ timeout: TRAINED_MS });
  const hard = /the sample (\S+) was found hard/.exec(await found.innerText())?.[1] ?? "";
  await window.status(new RegExp(`at the hard sample ${hard}`)).waitFor();
  await found.getByRole("button", { name: "Edit Replacement" }).click();
  await window.tab(new RegExp(`^${hard}-.*\\.replacement\\.json`)).waitFor();
  const view = window.webview;
  await view.getByRole("heading", { level: 1, name: hard }).waitFor();
  await view.getByRole("button", { name: "Try now" }).click();
  await view
    .locator(".try-phase")
    .getByText(/Drawn from the policy/)
    .waitFor({ timeout: TRAINED_MS });
  await window.status(/paused/).waitFor();
});
