/**
 * A mistake in a demonstration, as a person meets it: the squiggle, its quick fix, and a tool that gets another name in every file.
 * `TOOLEXPANDER_PICTURE=1` also leaves pictures of what was seen in `.scratch/`.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../sources.ts";
import { editorTests } from "./support/fixture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { until } from "./support/until.ts";
import { type EditorWindow, PATIENCE_MS } from "./support/window.ts";
import { quickstartIn } from "./support/workspaces.ts";

const uiTest = editorTests({ settings: { "files.autoSave": "off" } });

uiTest(
  "a mistake is underlined and mended by its quick fix; a tool gets another name in every file",
  async ({ open, folder }) => {
    const workspace = quickstartIn(folder);
    const textOf = (name: string): string => readFileSync(path.join(workspace, name), "utf8");
    const demos = textOf("quickstart.demos.jsonl");
    const window = await open(workspace);
    const editor = new TextEditor(window);

    await editor.open("quickstart.demos.jsonl");
    await editor.replace("set_priority", "set_priorit");
    await editor.squiggles("error").first().waitFor();
    await picture(window, "squiggle");
    await window.run("Problems: Focus on Problems View");
    const problem = editor.problem(/"set_priorit"/);
    await problem.waitFor();
    await picture(window, "mistake");
    await editor.quickFix(problem, 'Write "set_priority"');
    await problem.waitFor({ state: "detached" });
    await editor.squiggles("error").first().waitFor({ state: "detached" });
    await window.page.keyboard.press("Control+s");
    await editor.isSaved("quickstart.demos.jsonl");
    assert.equal(textOf("quickstart.demos.jsonl"), demos);

    const files = [
      "tools/helpdesk.tools.json",
      "quickstart.demos.jsonl",
      "train.samples.jsonl",
      "heldout.samples.jsonl",
    ];
    const renamed = new Map(files.map((name) => [name, textOf(name).replaceAll('"set_priority"', '"set_urgency"')]));
    for (const [name, text] of renamed) assert.notEqual(textOf(name), text, name);
    await editor.open("quickstart.demos.jsonl");
    await editor.rename('"set_priority"', "set_urgency");
    // A refactoring is saved by the editor itself, and changes nothing else.
    for (const [name, text] of renamed)
      await until(`the new name in ${name}`, PATIENCE_MS, () => textOf(name) === text);
    assert.doesNotMatch(textOf("tools/food.tools.json"), /set_urgency/);
    await editor.open("train.samples.jsonl");
    await editor.find('"set_urgency"');
    await picture(window, "rename");
  },
);

async function picture(window: EditorWindow, name: string): Promise<void> {
  if (!process.env.TOOLEXPANDER_PICTURE) return;
  const folder = path.join(root, ".scratch", "pictures");
  mkdirSync(folder, { recursive: true });
  await window.page.screenshot({ path: path.join(folder, `checks-${name}.png`) });
}
