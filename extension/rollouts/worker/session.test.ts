import assert from "node:assert/strict";
import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { CompletionDetail, GroupKey, ListQuery } from "../../../schemas/rolloutView.ts";
import { EVERYTHING, keyOf } from "../../../schemas/rolloutView.ts";
import type { Refusal } from "../../../schemas/viewMessages.ts";
import { STORE_FILE } from "../../../server/store/database.ts";
import { GroupReader } from "../../../server/store/groupReader.ts";
import type { RolloutRecord } from "../../../server/store/rows.ts";
import { STORE_VERSION } from "../../../server/store/tables.ts";
import { RunWriter } from "../../../server/store/writer.ts";
import { Listener } from "../testing/listener.ts";
import { groupAt, makeRun, stepOf } from "../testing/madeRun.ts";

const anything: ListQuery = EVERYTHING;

const keys = (rows: readonly GroupKey[]): string[] => rows.map(keyOf);

test("a list holds the groups of the run in the order that is asked for, page by page", async () => {
  using run = makeRun();
  for (const step of [1, 2, 3]) run.writer.recordStep(stepOf(step, 4, 4, 40));
  run.writer.recordRollouts("evaluation", 2, groupAt(2, 0, 1, 40));
  using view = new Listener(run.folder);
  const { total, rows, header, list } = await view.open();
  assert.equal(total, 13);
  assert.deepEqual(keys(rows.slice(0, 5)), ["3 train 3", "3 train 2", "3 train 1", "3 train 0", "2 evaluation 0"]);
  assert.equal(header.groups, 13);
  assert.equal(header.rollouts, 49);
  assert.equal(header.step, 3);
  assert.equal(header.state, "interrupted", "the record says it runs, and no server has it");
  const page = await view.ask("page", { list, start: 4, count: 3 });
  assert.deepEqual(page.rows, rows.slice(4, 7));

  const rewards = (await view.open({ sort: "rewardUp" })).rows.map(({ reward }) => reward);
  assert.deepEqual(
    rewards,
    rewards.toSorted((a, b) => a - b),
  );
  assert.deepEqual(keys((await view.open({ sort: "oldest" })).rows), keys(rows).toReversed());
});

test("a list of everything begins before all is read, with the same rows; what was read ahead changes nothing", async () => {
  using run = makeRun();
  for (const step of [1, 2, 3]) run.writer.recordStep(stepOf(step, 4, 4, 40));
  run.writer.recordRollouts("probe", 3, groupAt(3, 1, 2, 40));
  run.writer.recordRollouts("evaluation", 2, groupAt(2, 0, 1, 40));
  using patient = new Listener(run.folder);
  patient.session.setVisible(true);
  await pause(50); // whatever was read ahead until then
  using hasty = new Listener(run.folder);
  const answers = [await hasty.open(), await patient.open(), await hasty.open()];
  for (const { total, rows, at, start, header } of answers) {
    assert.deepEqual([total, at, start], [14, null, 0]);
    assert.deepEqual(rows, answers[1]?.rows);
    assert.deepEqual([header.groups, header.rollouts, header.parts], [14, 51, ["format", "result"]]);
  }
  await hasty.until(({ kind }) => kind === "alive");
  assert.ok(!hasty.messages.some(({ kind }) => kind === "summary"), "the list stands");
});

test("filters pick by sample, query, completion, tool, outcome and phase", async () => {
  using run = makeRun();
  for (const step of [1, 2, 3, 4]) run.writer.recordStep(stepOf(step, 5, 4, 40));
  const rollout = groupAt(4, 0, 1, 40)[0] as RolloutRecord;
  run.writer.recordRollouts("probe", 4, [{ ...rollout, completion: "100%_needle" }]);
  using view = new Listener(run.folder);
  const { rows } = await view.open();
  const tool = rows[0]?.tools[0] as string;
  const sample = rows[3]?.sample as string;
  const check = async (changes: Partial<ListQuery>, wanted: (row: (typeof rows)[number]) => boolean) => {
    const found = await view.open(changes);
    assert.deepEqual(keys(found.rows), keys(rows.filter(wanted)), JSON.stringify(changes));
    assert.ok(found.total > 0, JSON.stringify(changes));
  };
  await check({ tool }, ({ tools }) => tools.includes(tool));
  await check({ text: sample.toUpperCase() }, (row) => row.sample === sample);
  await check({ sample }, (row) => row.sample === sample);
  assert.equal((await view.open({ sample: sample.slice(0, -1) })).total, 0, "a part of an id is no sample");
  await check({ steps: [2, 3] }, ({ step }) => step === 2 || step === 3);
  await check({ text: "about lima" }, ({ query }) => query.includes("Lima"));
  await check({ text: "100%_NEEDLE" }, ({ phase }) => phase === "probe");
  await check({ phase: "train" }, ({ phase }) => phase === "train");
  await check({ outcome: "mixed" }, ({ marks }) => marks.includes("c") && /[wmt]/.test(marks));
  await check({ outcome: "truncated" }, ({ marks }) => marks.includes("t"));
  assert.equal((await view.open({ text: "1000_needle" })).total, 0, "the text is no pattern");
  await check({ text: sample, within: "anywhere" }, (row) => row.sample === sample);
  assert.equal((await view.open({ text: sample, within: "completion" })).total, 0);
  await check({ text: "about lima", within: "prompt" }, ({ query }) => query.includes("Lima"));
  assert.equal((await view.open({ text: "100%_needle", within: "prompt" })).total, 0);
});

test("a group comes with its texts, its gold calls and a structural difference", async () => {
  using run = makeRun();
  const rollout = groupAt(1, 0, 1, 40)[0] as RolloutRecord;
  const hostile = `<script>alert(1)</script>\u001b[31m${"x".repeat(1_000_000)}`;
  run.writer.recordStep({ ...stepOf(1, 1, 4, 40), rollouts: [...groupAt(1, 0, 4, 40)] });
  run.writer.recordRollouts("probe", 1, [{ ...rollout, completion: hostile }]);
  using view = new Listener(run.folder);
  await view.open();
  const detail = await view.ask("group", { step: 1, phase: "train", group: 0 });
  assert.ok("calls" in detail.gold && detail.gold.calls.length === 1);
  assert.equal(detail.completions.length, 4);
  for (const { mark, calls, parts } of detail.completions) {
    const same = (calls ?? []).every(({ status }) => status === "same") && (calls ?? []).length > 0;
    assert.equal(same, mark === "c");
    assert.deepEqual(
      parts.map(({ name }) => name),
      ["format", "result"],
    );
  }
  const key: GroupKey = { step: 1, phase: "probe", group: 0 };
  const { completions } = await view.ask("group", key);
  const part = (completions[0] as CompletionDetail).completion;
  const { total } = part;
  let { text } = part;
  assert.equal(total, hostile.length);
  assert.ok(text.length <= 4000);
  while (text.length < total) text += (await view.ask("text", { key, rollout: 0, from: text.length })).text;
  assert.equal(text, hostile);
});

test("gold calls of a file that has changed or gone are not shown, and the reason is", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 1, 2, 40));
  const key: GroupKey = { step: 1, phase: "train", group: 0 };
  const problem = async () => {
    using view = new Listener(run.folder);
    await view.open();
    const { gold, completions } = await view.ask("group", key);
    assert.equal(completions[0]?.calls, null);
    return "problem" in gold ? gold.problem : "";
  };
  appendFileSync(run.samples, "\n");
  assert.match(await problem(), /has changed since the run read it/);
  rmSync(run.samples);
  assert.match(await problem(), /no longer there/);
});

test("what is written while the view looks reaches it, and replayed groups take the place of their twins", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 3, 2, 40));
  using view = new Listener(run.folder);
  const { list } = await view.open();
  run.writer.recordStep(stepOf(2, 1, 2, 40));
  const first = await view.until((message) => message.kind === "delta" && message.list === list);
  assert.ok(first.kind === "delta");
  assert.equal(first.total, 4);
  assert.deepEqual(keys(first.splices[0]?.rows ?? []), ["2 train 0"]);

  view.session.receive({ kind: "ack", list, sequence: first.sequence });
  const shorter = stepOf(1, 2, 2, 40);
  run.writer.recordStep({
    ...shorter,
    rollouts: shorter.rollouts.map((row) => ({ ...row, correct: true, formatOk: true })),
  });
  await view.until((message) => message.kind === "delta" && message.sequence === 2 && message.total === 3);
  const { rows } = await view.open();
  assert.deepEqual(
    rows.map(({ marks }) => marks),
    [rows[0]?.marks, "cc", "cc"],
  );
});

test("a list that does not follow keeps its order and counts what waits", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 2, 2, 40));
  using view = new Listener(run.folder);
  const { list } = await view.open({}, false);
  run.writer.recordStep(stepOf(2, 3, 2, 40));
  const delta = await view.until((message) => message.kind === "delta" && message.list === list);
  assert.ok(delta.kind === "delta");
  assert.deepEqual([delta.total, delta.waiting, delta.splices.length], [2, 3, 0]);
});

test("a view that acknowledges nothing is given counts instead of rows", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 1, 2, 40));
  using view = new Listener(run.folder);
  await view.open();
  const deadline = Date.now() + 20_000;
  for (let step = 2; !view.messages.some(({ kind }) => kind === "summary"); step++) {
    assert.ok(Date.now() < deadline);
    run.writer.recordStep(stepOf(step, 1, 2, 40));
    await pause(40);
  }
  assert.ok(view.messages.filter(({ kind }) => kind === "delta").length <= 8);
});

for (const [name, begin] of [
  ["without a store yet", rmSync],
  ["whose store is an empty file yet", truncateSync],
] as const) {
  test(`a run ${name} is an empty list, and its first rows arrive`, async () => {
    using run = makeRun();
    run.close();
    begin(join(run.folder, STORE_FILE));
    using view = new Listener(run.folder);
    const { total } = await view.open();
    assert.equal(total, 0);
    using writer = RunWriter.open(run.folder);
    writer.recordStep(stepOf(1, 2, 2, 40));
    const told = await view.until((message) => message.kind === "delta" || message.kind === "summary");
    assert.equal("total" in told && told.total, 2);
  });
}

const failing = async (view: Listener): Promise<string> => {
  const answer = await view.answer("open", { query: anything, follow: true, count: 10, around: null });
  assert.equal(answer.kind, "refusal");
  assert.equal((answer as Refusal).code, "store");
  return (answer as Refusal).message;
};

test("a store that cannot be read is one sentence that says what to do", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 2, 2, 40));
  run.close();
  const file = join(run.folder, STORE_FILE);
  {
    using database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`);
    using view = new Listener(run.folder);
    assert.match(await failing(view), /newer version .* Update ToolExpander/);
    database.exec("PRAGMA user_version = 1");
    assert.match(await failing(view), /older version .* resume the run/);
    database.exec(`PRAGMA user_version = ${STORE_VERSION}; BEGIN EXCLUSIVE`);
    assert.match(await failing(view), /locked .* Close it there/);
    database.exec("ROLLBACK");
    assert.equal((await view.open()).total, 2, "retry without a reload");
  }
  truncateSync(file, 5000);
  using view = new Listener(run.folder);
  assert.match(await failing(view), /damaged|malformed/);
  writeFileSync(file, "not a database at all, but long enough to be looked at".repeat(50));
  assert.match(await failing(view), /not a SQLite database/);
});

test("a folder that is moved away while the view looks is told, and found again when it is back", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 2, 2, 40));
  run.close();
  using view = new Listener(run.folder);
  await view.open();
  renameSync(run.folder, `${run.folder}-away`);
  const told = await view.until(({ kind }) => kind === "problem");
  assert.match(told.kind === "problem" ? told.message : "", /no longer there: it was deleted, moved or renamed/);
  renameSync(`${run.folder}-away`, run.folder);
  await view.until(({ kind }) => kind === "summary");
  assert.equal((await view.open()).total, 2);
});

test("another store in the place of the old one is read from its beginning", async () => {
  using run = makeRun();
  using other = makeRun();
  run.writer.recordStep(stepOf(1, 2, 2, 40));
  other.writer.recordStep(stepOf(1, 5, 2, 40));
  run.close();
  other.close();
  using view = new Listener(run.folder);
  await view.open();
  renameSync(join(other.folder, STORE_FILE), join(run.folder, STORE_FILE));
  await view.until(({ kind }) => kind === "summary");
  const { rows } = await view.open();
  using reader = new GroupReader(run.folder);
  assert.equal(rows.length, reader.since(0).length);
});

test("a message that is not understood is refused, and one without a number is left alone", async () => {
  using run = makeRun();
  using view = new Listener(run.folder);
  for (const nonsense of [null, 5, "open", {}, { kind: "request" }, { id: -1 }]) view.session.receive(nonsense);
  assert.equal(view.messages.length, 0);
  view.session.receive({ kind: "request", id: 7, method: "page", params: { list: 1, start: 0, count: 100_000 } });
  assert.deepEqual(
    view.messages.map((message) => message.kind === "refusal" && message.code),
    ["defect"],
  );
});
