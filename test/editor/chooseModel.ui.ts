/** Choose Model as a person meets it: the models of this machine's Hugging Face cache in a list, and one of them in the experiment. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyWorkspace } from "../../scripts/editor/workspace.ts";
import { addCachedModel } from "../../server/prompts/testing/cachedModel.ts";
import { root } from "../sources.ts";
import { editorTests } from "./support/fixture.ts";
import { picture } from "./support/picture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";

const uiTest = editorTests();

const quickstart = path.join(root, "examples", "quickstart");

/** The quickstart's policy as a download has it. */
function addPolicy(cache: string, id: string): void {
  const model = path.join(cache, `models--${id.replaceAll("/", "--")}`);
  const revision = "4f0c1a2b";
  mkdirSync(path.join(model, "refs"), { recursive: true });
  writeFileSync(path.join(model, "refs", "main"), revision);
  cpSync(path.join(quickstart, "policy"), path.join(model, "snapshots", revision), { recursive: true });
}

uiTest("a model of the cache is chosen from a list, and one that cannot be trained says why", async (desk) => {
  const { open, folder } = desk;
  const cache = path.join(path.dirname(folder), "home", ".cache", "huggingface", "hub");
  addPolicy(cache, "lab/mini");
  addCachedModel(cache, "lab/reader", { config: { model_type: "bert" } });
  const workspace = path.join(folder, "quickstart");
  copyWorkspace(quickstart, workspace);
  const window = await open(workspace);

  await window.run("ToolExpander: Choose Model…");
  const listed = window.choices.filter({ hasText: /^lab\// });
  await until("both are listed", PATIENCE_MS, async () => (await listed.count()) === 2);
  const texts = await window.choices.allInnerTexts();
  assert.match(texts[0] ?? "", /lab\/mini.*qwen2 · bfloat16 · [\d.]+ MB/s);
  assert.match(texts[1] ?? "", /lab\/reader.*bert/s);
  assert.match(texts[2] ?? "", /Browse for a folder/);
  await picture(window, "choose-model");
  await window.choose(/^lab\/reader/);
  await window
    .notification(/lab\/reader cannot be trained: .*bert/)
    .first()
    .waitFor();

  await window.run("ToolExpander: Choose Model…");
  await window.choose(/^lab\/mini/);
  await window.tab("experiment.json").waitFor();
  await window.page.keyboard.press("Control+s");
  await new TextEditor(window).isSaved("experiment.json");
  const experiment = path.join(workspace, "experiment.json");
  await until("the experiment names it", PATIENCE_MS, () => readFileSync(experiment, "utf8").includes('"lab/mini"'));
  assert.equal(JSON.parse(readFileSync(experiment, "utf8")).model, "lab/mini");
});
