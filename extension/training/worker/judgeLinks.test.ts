import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { JudgeOutcome } from "../../../schemas/judging.ts";
import { bridgeFile } from "../../../server/training/spark/judges/editor/bridgeFile.ts";
import { EditorModel } from "../../../server/training/spark/judges/editor/editorModel.ts";
import { keyFromWindow } from "../../../server/training/spark/judges/editor/keyDesk.ts";
import { temporaryFolder, until } from "../../../server/training/testing/harness.ts";
import type { AskModelParams, JudgingStatus } from "../../judging/messages.ts";
import { JudgeLinks } from "./judgeLinks.ts";

const never = new AbortController().signal;

async function process(t: TestContext, trajectories: string): Promise<EditorModel> {
  const model = await EditorModel.open({ kind: "editor", family: "f" }, { trajectories });
  t.after(() => model.close().catch(() => {}));
  return model;
}

/** A window with a model that answers as a test says. */
function windowOf(t: TestContext, answer: (params: AskModelParams, signal: AbortSignal) => Promise<JudgeOutcome>) {
  let list: JudgingStatus[] = [];
  const links = new JudgeLinks({
    changed: (now) => {
      list = now;
    },
    ask: answer,
  });
  t.after(() => links.follow([]));
  return { links, state: () => list[0]?.state.state, list: () => list };
}

const echo = async ({ messages }: AskModelParams): Promise<JudgeOutcome> => ({
  kind: "text",
  text: `of ${messages[0]?.text}`,
});
const ask = (model: EditorModel, text: string, signal = never) =>
  model.complete({ messages: [{ role: "user", text }], schema: {} }, signal);

test("a window sees what waits, judges when it is told to, and another goes on where it is closed", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const model = await process(t, trajectories);
  const asked = ask(model, "one");
  const first = windowOf(t, () => new Promise(() => {}));
  const [status] = await first.links.follow([bridgeFile(trajectories)]);
  assert.deepEqual([status?.state.state, status?.isOffered, status?.state.model?.family], ["waiting", false, "f"]);
  await first.links.offer(bridgeFile(trajectories));
  await until("the first window to have it", () => first.state() === "asking");
  assert.equal(first.list()[0]?.isOffered, true);
  const second = windowOf(t, echo);
  await second.links.follow([bridgeFile(trajectories)]);
  await first.links.follow([]);
  await until("the second window to hear that it waits", () => second.state() === "waiting");
  await second.links.offer(bridgeFile(trajectories));
  assert.equal(await asked, "of one");
});

test("a question that is cancelled, or whose window stops judging, is cancelled in the window's model", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const model = await process(t, trajectories);
  const signals: AbortSignal[] = [];
  const window = windowOf(t, (_, signal) => {
    signals.push(signal);
    return new Promise((resolve) =>
      signal.addEventListener("abort", () => resolve({ kind: "failed", reason: "over" })),
    );
  });
  await window.links.follow([bridgeFile(trajectories)]);
  await window.links.offer(bridgeFile(trajectories));
  const cancel = new AbortController();
  const first = ask(model, "one", cancel.signal);
  const second = ask(model, "two");
  await until("both questions", () => signals.length === 2);
  cancel.abort();
  await assert.rejects(first, { name: "AbortError" });
  await until("the model to be told", () => signals[0]?.aborted);
  assert.equal(signals[1]?.aborted, false);
  await window.links.withdraw(bridgeFile(trajectories));
  assert.equal(signals[1]?.aborted, true);
  await until("it to wait again", () => model.state.state === "waiting");
  await Promise.all([assert.rejects(second, { name: "AbortError" }), model.close()]);
});

test("what the model's asking throws is a failure that may pass, and who declines is asked no more", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const model = await process(t, trajectories);
  let asked = 0;
  const window = windowOf(t, async () => {
    if (++asked === 1) throw new Error("the host is gone");
    return { kind: "declined", reason: "not in this window" };
  });
  await window.links.follow([bridgeFile(trajectories)]);
  await window.links.offer(bridgeFile(trajectories));
  const question = ask(model, "one");
  await until("it to wait", () => model.state.state === "waiting");
  assert.equal(model.state.reason, "not in this window");
  assert.equal(asked, 2);
  await until("the window to know", () => window.list()[0]?.isOffered === false && window.state() === "waiting");
  await Promise.all([assert.rejects(question, { name: "AbortError" }), model.close()]);
});

test("a process that ends is followed no more, and the next one under its name is found", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const file = bridgeFile(trajectories);
  const window = windowOf(t, echo);
  assert.deepEqual(await window.links.follow([file]), []);
  await assert.rejects(window.links.offer(file), { name: "InputError", message: /is gone/ });
  const model = await process(t, trajectories);
  assert.equal((await window.links.follow([file])).length, 1);
  await model.close();
  await until("the window to know", () => window.list().length === 0);
  const next = await process(t, trajectories);
  assert.deepEqual(
    (await window.links.follow([file])).map(({ isOffered }) => isOffered),
    [false],
  );
  await window.links.offer(file);
  assert.equal(await ask(next, "two"), "of two");
});

test("a key goes to the process that waits for it, and to no model", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const file = bridgeFile(trajectories);
  const origin = "https://judge.example.invalid";
  const cancel = new AbortController();
  t.after(() => cancel.abort());
  const wanted = keyFromWindow({ trajectories, origin }, cancel.signal);
  const window = windowOf(t, () => assert.fail("nobody is to be asked"));
  await until("the process", async () => (await window.links.follow([file])).length > 0);
  assert.equal(window.links.list()[0]?.state.key, origin);
  await window.links.offer(file);
  assert.match((await window.links.giveKey(file, "two words")) ?? "", /one word/);
  assert.equal(await window.links.giveKey(file, "sk-1"), null);
  assert.equal(await wanted, "sk-1");
  await until("the window to know", () => window.list().length === 0);
  await assert.rejects(window.links.giveKey(file, "sk-1"), { name: "InputError" });
});
