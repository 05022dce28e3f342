/** Judging with a language model of the editor, from the message to the scores; and keys of endpoints, which no file gets. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { JudgingState } from "../../schemas/judging.ts";
import { keyFromWindow } from "../../server/training/spark/judges/editor/keyDesk.ts";
import { openJudge } from "../../server/training/spark/judges/openJudge.ts";
import { call, turnOf } from "../../server/training/spark/judges/testing/turns.ts";
import { editorTests, inHomeOf } from "./support/fixture.ts";
import { packModelProvider, testModel } from "./support/modelProvider.ts";
import { until } from "./support/until.ts";
import { PATIENCE_MS } from "./support/window.ts";

const uiTest = editorTests({
  extensions: [await packModelProvider()],
  settings: { "chat.disableAIFeatures": false },
});

const never = new AbortController().signal;
const turn = (thought: string) => turnOf([call("search"), { kind: "answer", text: "6650 km" }], { thought });

/** A folder that wakes the extension. */
function project(folder: string): string {
  const workspace = path.join(folder, "project");
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, "world.tools.json"), "[]\n");
  return workspace;
}

uiTest(
  "a generation waits until a person lets a window judge; the window goes on after a reload",
  async ({ open, folder }) => {
    const home = path.dirname(folder);
    const workspace = project(folder);
    const states: JudgingState[] = [];
    const judge = await inHomeOf(home, () =>
      openJudge(
        { kind: "editor", ...testModel },
        {
          trajectories: path.join(workspace, "nile.trajectories.jsonl"),
          judging: (state) => states.push(state),
        },
      ),
    );
    const is = (state: JudgingState["state"]) => until(state, PATIENCE_MS, () => states.at(-1)?.state === state);
    try {
      const first = judge.judge(turn("one"), never);
      await is("waiting");
      const window = await open(workspace);
      await window.status("nile.trajectories.jsonl waits for a judge").waitFor();
      const message = window.notification(
        /waits for a judge: its questions, thoughts and candidate actions would be sent/,
      );
      await message.getByRole("button", { name: "Judge in This Window" }).click();
      const verdict = await first;
      assert.deepEqual(verdict, { kind: "scores", scores: [7, 3], reasons: ["call", "answer"] });
      await window.keeps("judgedHere", "nile.trajectories.judging.json");
      await window.reload();
      assert.equal((await judge.judge(turn("two"), never)).kind, "scores");
      await window.run("ToolExpander: Stop Judging in This Window");
      await until("the window to stop", PATIENCE_MS, () => states.at(-1)?.windows === 0);
      const third = judge.judge(turn("three"), never);
      await is("waiting");
      await window.run("ToolExpander: Judge in This Window");
      assert.equal((await third).kind, "scores");
    } finally {
      await inHomeOf(home, () => judge.close());
    }
  },
);

uiTest("a judge's key is typed where nobody reads it, kept in no file, and forgotten", async ({ open, folder }) => {
  const key = "sk-that-no-file-may-hold";
  const window = await open(project(folder));
  await window.run("ToolExpander: Set Judge Key…");
  await window.page.getByText("Set Judge Key (1/2)").waitFor();
  await window.page.locator(".quick-input-widget input[type=text]").fill("http://judge.example.invalid/v1");
  await window.page
    .getByText(/would send questions and the key unencrypted/)
    .first()
    .waitFor();
  await window.answer("https://judge.example.invalid/v1");
  const field = window.page.locator(".quick-input-widget input[type=password]");
  await field.waitFor();
  await field.fill(key);
  await window.page.keyboard.press("Enter");
  await window.notification("The key for https://judge.example.invalid is kept.").waitFor();
  await window.run("Notifications: Clear All Notifications");
  const given = await inHomeOf(path.dirname(folder), async () => {
    const trajectories = path.join(folder, "project", "nile.trajectories.jsonl");
    const wanted = keyFromWindow({ trajectories, origin: "https://judge.example.invalid" }, never);
    await window.status("nile.trajectories.jsonl waits for a key").waitFor();
    await window.notification("waits for the key of").getByRole("button", { name: "Give Key" }).click();
    return wanted;
  });
  assert.equal(given, key);
  await window.run("ToolExpander: Forget Judge Key…");
  await window.choose("https://judge.example.invalid");
  await window.notification("is forgotten").waitFor();
  const data = path.dirname(folder);
  const holding = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => readFileSync(file).includes(key));
  assert.deepEqual(holding, []);
});
