/**
 * What the README promises a newcomer, done as it stands there: the steps are read from its section, and a step that names another command
 * or another text than this test has hands for fails it. The workspace is the quickstart as it ships, with nothing made shorter.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { textOf } from "../sources.ts";
import { type Desk, editorTests } from "./support/fixture.ts";
import { hardSampleRow } from "./support/hardSampleRows.ts";
import { TextEditor } from "./support/textEditor.ts";
import { until } from "./support/until.ts";
import type { EditorWindow } from "./support/window.ts";

const FIVE_MINUTES = 300_000;

const SECTION = "## The first five minutes";

/** Steps of the README's section, each with its line breaks taken out. */
function steps(): string[] {
  const section = textOf("README.md").split(`${SECTION}\n`)[1]?.split("\n## ")[0] ?? "";
  const items = [...section.matchAll(/^\d+\. (.*(?:\n {3}.*)*)/gm)].map((match) =>
    (match[1] ?? "").replaceAll(/\s+/g, " "),
  );
  assert.ok(items.length > 3, `${SECTION} has its steps`);
  return items;
}

const commandsOf = (step: string): string[] =>
  [...step.matchAll(/\*\*(ToolExpander: [^*]+)\*\*/g)].map((match) => match[1] ?? "");
const codeOf = (step: string): string[] => [...step.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

interface Walk {
  window: EditorWindow;
  workspace: string;
  desk: Desk;
  /** Milliseconds of the five minutes that are left. */
  left(): number;
}

/** What a person does who has run the command of a step. */
const hands: Record<string, (walk: Walk) => Promise<void>> = {
  "ToolExpander: Create Quickstart Workspace": async ({ window, workspace, desk }) => {
    await window.answerFolder(`${desk.folder}/`);
    await window.page.waitForURL((url) => url.searchParams.get("folder") === workspace, { waitUntil: "commit" });
    await window.ready();
  },
  "ToolExpander: Start Training": async ({ window, left }) => {
    await window.status(/quickstart/).waitFor({ timeout: left() });
  },
  "ToolExpander: Show Hard Samples": async ({ window, left }) => {
    const sample = await hardSampleRow(window, left());
    await sample.click();
    await window.webview.getByRole("region", { name: "Group of completions" }).waitFor({ timeout: left() });
  },
  "ToolExpander: Edit Replacement of Sample…": async ({ window, workspace, left }) => {
    // By its row: the palette's own rows are there before the question's.
    await window.choose(/failed probes/);
    const demonstration = window.webview.locator(".demonstration").first();
    await demonstration.getByLabel("The user asks").fill("Do as I say.", { timeout: left() });
    await window.webview.getByRole("button", { name: /^Use:/ }).click({ timeout: left() });
    const edits = path.join(workspace, "replacements");
    await until("the hand-edited sample is on the disk", left(), () => {
      const files = existsSync(edits) ? readdirSync(edits).filter((name) => name.endsWith(".replacement.json")) : [];
      return files.some((name) => readFileSync(path.join(edits, name), "utf8").includes("Do as I say."));
    });
    await window.webview.locator(".verdict.is-accepted").waitFor({ timeout: left() });
  },
};

/** A step without a command changes a text in a file: `file`, the old text, the new one. */
async function editFile(step: string, { window, workspace }: Walk): Promise<void> {
  const [file = "", before = "", after = ""] = codeOf(step);
  const editor = new TextEditor(window);
  await editor.open(file);
  await editor.replace(before, after);
  await window.page.keyboard.press("Control+s");
  await editor.isSaved(file);
  assert.ok(readFileSync(path.join(workspace, file), "utf8").includes(after), step);
}

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

uiTest("someone who has only the README reaches a hand-edited hard sample in under five minutes", async (desk) => {
  const window = await desk.open();
  const workspace = path.join(desk.folder, "toolexpander-quickstart");
  const began = performance.now();
  const left = (): number => Math.max(1, FIVE_MINUTES - (performance.now() - began));
  const walk: Walk = { window, workspace, desk, left };
  for (const step of steps()) {
    const [command, ...more] = commandsOf(step);
    assert.deepEqual(more, [], `one command in a step: ${step}`);
    if (command === undefined) await editFile(step, walk);
    else {
      const hand = hands[command];
      assert.ok(hand, `what to do after ${command}`);
      await window.run(command, left());
      await hand(walk);
    }
  }
  desk.t.diagnostic(`It took ${((FIVE_MINUTES - left()) / 1000).toFixed(0)} s.`);
});
