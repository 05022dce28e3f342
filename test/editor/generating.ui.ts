/** Generate Trajectories as a person meets it: progress, a stop, a window that is closed in the middle, a judge in the editor. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { editorTests } from "./support/fixture.ts";
import { packModelProvider, testModel } from "./support/modelProvider.ts";
import { exampleIn } from "./support/workspaces.ts";

const uiTest = editorTests({
  extensions: [await packModelProvider()],
  settings: { "chat.disableAIFeatures": false },
});

/** Longest wait for a file of some dozens of trajectories, milliseconds. */
const GENERATED_MS = 240_000;

/** Questions of a file that is stopped, and of those side by side: few enough that there are waves to stop between. */
const QUESTIONS = 48;
const WAVE = 8;
const STORED = new RegExp(`[1-9]\\d* of ${QUESTIONS} questions stored`);

/** The row of its experiment: the example has one for each rule. */
const ASKED_FOR = /^experiment\.json/;

/** A copy of the episodes' example with fewer questions. */
function episodes(folder: string, questions: number, spark: object): string {
  const workspace = exampleIn(folder, "episodes");
  const train = path.join(workspace, "train.questions.jsonl");
  writeFileSync(train, `${readFileSync(train, "utf8").split("\n").slice(0, questions).join("\n")}\n`);
  const file = path.join(workspace, "experiment.json");
  const experiment = JSON.parse(readFileSync(file, "utf8"));
  const settings = { ...experiment.settings, spark: { ...experiment.settings.spark, ...spark } };
  writeFileSync(file, JSON.stringify({ ...experiment, settings, threads: 1 }));
  return workspace;
}

const linesOf = (workspace: string): number =>
  readFileSync(path.join(workspace, "train.trajectories.jsonl"), "utf8").trimEnd().split("\n").length - 1;

uiTest(
  "trajectories are stopped, gone on with, cut off with their window, and made whole",
  async ({ open, folder }) => {
    const workspace = episodes(folder, QUESTIONS, { wave: WAVE });
    const window = await open(workspace);
    await window.run("ToolExpander: Generate Trajectories");
    await window.choose(ASKED_FOR);
    const progress = window.notification(/Generating the trajectories of experiment\.json/).first();
    await progress.filter({ hasText: STORED }).waitFor({ timeout: GENERATED_MS });
    await progress.hover();
    await progress.getByRole("button", { name: "Cancel" }).click();
    const stopped = window
      .notification(new RegExp(`Stopped: train\\.trajectories\\.jsonl has \\d+ of ${QUESTIONS} questions\\. They stay`))
      .first();
    await stopped.waitFor();
    const before = linesOf(workspace);
    assert.ok(before >= WAVE && before < QUESTIONS && before % WAVE === 0, `${before} questions`);
    await stopped.getByRole("button", { name: "Go On" }).click();
    await progress.filter({ hasText: STORED }).waitFor({ timeout: GENERATED_MS });
    await window.keeps('"generating"', "experiment.json");
    await window.reload();
    const cutOff = window.notification(/were being generated when the window was closed/).first();
    await cutOff.getByRole("button", { name: "Go On" }).click();
    const whole = window.notification(
      new RegExp(
        `train\\.trajectories\\.jsonl is whole: ${QUESTIONS} questions\\. \\d+\\.\\d % of the episodes are right`,
      ),
    );
    await whole.first().waitFor({ timeout: GENERATED_MS });
    assert.equal(linesOf(workspace), QUESTIONS);
    await whole.first().getByRole("button", { name: "Open Trajectories" }).click();
    await window.tab("train.trajectories.jsonl").waitFor();
  },
);

uiTest(
  "a generation whose judge is a model of the editor is judged in the window that began it",
  async ({ open, folder }) => {
    const judge = { kind: "editor", ...testModel };
    const workspace = episodes(folder, 4, { wave: 2, judge });
    const window = await open(workspace);
    await window.run("ToolExpander: Generate Trajectories");
    await window.choose(ASKED_FOR);
    await window
      .notification(/train\.trajectories\.jsonl waits for a judge/)
      .getByRole("button", { name: "Judge in This Window" })
      .click({ timeout: GENERATED_MS });
    await window
      .notification(/train\.trajectories\.jsonl is whole: 4 questions/)
      .first()
      .waitFor({ timeout: GENERATED_MS });
    assert.equal(linesOf(workspace), 4);
  },
);
