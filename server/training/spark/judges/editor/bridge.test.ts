import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { JudgeQuestion, JudgingState } from "../../../../../schemas/judging.ts";
import { InputError } from "../../../../../schemas/problem.ts";
import { connectToJudging, type JudgingClient } from "../../../client/judging.ts";
import { temporaryFolder, until } from "../../../testing/harness.ts";
import { openJudge } from "../openJudge.ts";
import { chatServer, says } from "../testing/chatServer.ts";
import { answerWith, call, turnOf } from "../testing/turns.ts";
import { bridgeFile } from "./bridgeFile.ts";
import { EditorModel } from "./editorModel.ts";

const never = new AbortController().signal;
const choice = { kind: "editor", vendor: "v", family: "f" } as const;
const turn = turnOf([call("search"), { kind: "answer", text: "6650 km" }]);

async function generation(t: TestContext) {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const states: JudgingState[] = [];
  const judge = await openJudge(choice, { trajectories, judging: (state) => states.push(state) });
  t.after(() => judge.close());
  return { trajectories, judge, states };
}

async function windowOf(t: TestContext, trajectories: string) {
  const client: JudgingClient = (await connectToJudging(bridgeFile(trajectories))) ?? assert.fail("nobody is there");
  t.after(() => client.close());
  const heard = { states: [] as JudgingState[], questions: [] as JudgeQuestion[], cancelled: [] as string[] };
  client.on("judging", (state) => heard.states.push(state));
  client.on("judgeQuestion", (question) => heard.questions.push(question));
  client.on("judgeCancelled", ({ id }) => heard.cancelled.push(id));
  const next = () => until("a question", () => heard.questions.shift());
  return { client, heard, next };
}

test("a process waits for a window, is judged by it, and goes on with another where that one is closed", async (t) => {
  const { trajectories, judge, states } = await generation(t);
  assert.equal(judge.identity, "editor's model v/f, prompt 1");
  const asked = judge.judge(turn, never);
  await until("the process to wait", () => states.at(-1)?.state === "waiting");
  const first = await windowOf(t, trajectories);
  const state = await first.client.watch();
  assert.deepEqual(
    [state.file, state.model, state.state, state.windows],
    [trajectories, { vendor: "v", family: "f" }, "waiting", 0],
  );
  assert.equal((await first.client.offer()).state, "asking");
  const question = await first.next();
  assert.deepEqual(
    question.messages.map(({ role }) => role),
    ["system", "user"],
  );
  const second = await windowOf(t, trajectories);
  await second.client.watch();
  first.client.close();
  await until("the second to hear that it waits", () => second.heard.states.at(-1)?.state === "waiting");
  await second.client.offer();
  const again = await second.next();
  assert.deepEqual(again.messages, question.messages);
  assert.notEqual(again.id, question.id);
  await second.client.answer(again.id, { kind: "text", text: answerWith(7, 3) });
  const verdict = await asked;
  assert.deepEqual(verdict.kind === "scores" && verdict.scores, [7, 3]);
  assert.equal(states.at(-1)?.answered, 1);
});

test("a window may withdraw and come back; one that only looks is asked nothing", async (t) => {
  const { trajectories, judge } = await generation(t);
  const looker = await windowOf(t, trajectories);
  await looker.client.watch();
  const window = await windowOf(t, trajectories);
  await window.client.offer();
  const asked = judge.judge(turn, never);
  await window.next();
  await window.client.withdraw();
  assert.equal((await window.client.watch()).state, "waiting");
  await window.client.offer();
  const { id } = await window.next();
  await window.client.answer(id, { kind: "declined", reason: "not here" });
  assert.equal((await window.client.watch()).reason, "not here");
  await window.client.offer();
  await window.client.answer((await window.next()).id, { kind: "text", text: answerWith(7, 3) });
  assert.equal((await asked).kind, "scores");
  assert.equal(looker.heard.questions.length, 0);
  assert.ok(looker.heard.states.some(({ state }) => state === "asking"));
});

test("cancelling ends a question in its window too, and closing ends the bridge with its file", async (t) => {
  const { trajectories, judge } = await generation(t);
  const window = await windowOf(t, trajectories);
  await window.client.offer();
  const cancel = new AbortController();
  const asked = judge.judge(turn, cancel.signal);
  const { id } = await window.next();
  cancel.abort();
  await assert.rejects(asked, { name: "AbortError" });
  await until("the window to hear it", () => window.heard.cancelled.includes(id));
  const other = judge.judge({ ...turn, thought: "another" }, never);
  await window.next();
  await Promise.all([assert.rejects(other, { name: "AbortError" }), judge.close()]);
  await window.client.closed;
  assert.ok(!existsSync(bridgeFile(trajectories)));
  assert.equal(await connectToJudging(bridgeFile(trajectories)), undefined);
});

test("two processes do not generate the same file", async (t) => {
  const { trajectories, judge } = await generation(t);
  await assert.rejects(EditorModel.open(choice, { trajectories }), (error) => {
    return error instanceof InputError && /generates this file already/.test(error.message);
  });
  await judge.close();
  const next = await EditorModel.open(choice, { trajectories });
  await next.close();
});

test("a process waits for its endpoint's key until a window gives it, and asks with it", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const server = await chatServer(t, says(answerWith(7, 3)));
  const states: JudgingState[] = [];
  const choice = { kind: "endpoint", url: server.url, model: "judge-1", keyFrom: "editor" } as const;
  const opening = openJudge(choice, { trajectories, judging: (state) => states.push(state) });
  await until("it to wait", () => states.at(-1)?.state === "waiting");
  const { client } = await windowOf(t, trajectories);
  const state = await client.watch();
  assert.deepEqual([state.key, state.model, state.state], [new URL(server.url).origin, null, "waiting"]);
  assert.match((await client.giveKey("two words")) ?? "", /one word/);
  await assert.rejects(client.giveKey("x".repeat(10_000)), /giveJudgeKey/);
  assert.equal(await client.giveKey("sk-that-was-given"), null);
  const judge = await opening;
  t.after(() => judge.close());
  await client.closed;
  assert.ok(!existsSync(bridgeFile(trajectories)));
  assert.equal((await judge.judge(turn, never)).kind, "scores");
  assert.equal(server.seen[0]?.headers.authorization, "Bearer sk-that-was-given");
  assert.ok(!JSON.stringify(states).includes("sk-that"));
});

test("who waits for a key can be cancelled, and one from the environment is waited for by nobody", async (t) => {
  const trajectories = join(temporaryFolder(t), "nile.trajectories.jsonl");
  const server = await chatServer(t, says(answerWith(7, 3)));
  const choice = { kind: "endpoint", url: server.url, model: "judge-1", keyFrom: "editor" } as const;
  const cancel = new AbortController();
  const opening = openJudge(choice, { trajectories, signal: cancel.signal });
  await until("it to wait", () => existsSync(bridgeFile(trajectories)));
  cancel.abort();
  await assert.rejects(opening, { name: "AbortError" });
  assert.ok(!existsSync(bridgeFile(trajectories)));
  const judge = await openJudge(choice, { trajectories, key: "sk-of-the-environment" });
  await judge.close();
});

test("answers that do not conform are refused and change nothing", async (t) => {
  const { trajectories, judge } = await generation(t);
  const window = await windowOf(t, trajectories);
  await window.client.offer();
  const asked = judge.judge(turn, never);
  const { id } = await window.next();
  await assert.rejects(window.client.answer(id, { kind: "text", text: "x".repeat(200_000) }), /answerJudge/);
  await assert.rejects(window.client.answer("", { kind: "text", text: "x" }), /answerJudge/);
  await window.client.answer(id, { kind: "text", text: answerWith(7, 3) });
  assert.equal((await asked).kind, "scores");
});
