import assert from "node:assert/strict";
import test from "node:test";
import type { GroupRow, ListQuery } from "../../../schemas/rolloutView.ts";
import { EVERYTHING, keyOf } from "../../../schemas/rolloutView.ts";
import { hashOf } from "../../../server/store/rows.ts";
import { Listener } from "../testing/listener.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../testing/madeRun.ts";

const round = (number: number, step: number) => ({
  round: number,
  step,
  steps: 2,
  hard: 1,
  fewShots: 1,
  noCandidates: 0,
  unverified: 0,
  added: 0,
  easy: 0,
  retired: 0,
  newlyHard: 0,
  hardAgain: 0,
  edited: 0,
  excluded: 0,
  attempts: 0,
  rollouts: 0,
});

/** Two rounds of two steps, of three groups each: of every step the first is raw, the second has few-shots, the third is edited. */
function write(run: MadeRun): void {
  const versions = ["raw", "few-shot", "edited"] as const;
  for (const step of [1, 2, 3, 4]) {
    if (step % 2 === 1) run.writer.recordRound(round((step + 1) / 2, step - 1), []);
    const made = stepOf(step, 3, 4, 40);
    const firsts = made.rollouts.filter(({ rollout }) => rollout === 0);
    run.writer.recordStep({
      ...made,
      draws: firsts.map(({ group, sample, prompt }) => ({
        group,
        sample,
        version: versions[group] ?? "raw",
        promptHash: hashOf(prompt),
        round: (step + 1) >> 1,
        attempt: null,
        edit: null,
      })),
    });
  }
}

const keys = (rows: readonly GroupRow[]): string[] => rows.map(keyOf);

test("lists are filtered by how a group was put, by round, by what is learnt, and by the state of its sample", async () => {
  using run = makeRun();
  write(run);
  const equal = groupAt(4, 7, 4, 40).map((row) => ({ ...row, reward: 0, advantage: 0 }));
  run.writer.recordStep({ ...stepOf(5, 1, 4, 40), rollouts: equal });
  const probed = groupAt(4, 0, 4, 40).map((row) => ({ ...row, advantage: null }));
  run.writer.recordRollouts("probe", 4, probed);
  using view = new Listener(run.folder);
  const { rows, header } = await view.open();
  assert.deepEqual([header.rounds, header.parts], [2, ["format", "result"]]);
  const check = async (changes: Partial<ListQuery>, wanted: (row: GroupRow) => boolean) => {
    const found = await view.open(changes);
    assert.deepEqual(keys(found.rows), keys(rows.filter(wanted)), JSON.stringify(changes));
    assert.ok(found.total > 0 && found.total < rows.length, JSON.stringify(changes));
  };
  await check({ put: "raw" }, ({ put }) => put === "raw");
  await check({ put: "edited" }, ({ put }) => put === "edited");
  await check({ put: "replaced" }, ({ put }) => put === "edited" || put === "few-shot");
  await check({ rounds: [1, 1] }, ({ step }) => step <= 2);
  await check({ rounds: [2, 9] }, ({ step }) => step > 2);
  assert.equal((await view.open({ rounds: [3, 9] })).total, 0);
  await check({ variance: "zero" }, ({ step }) => step === 5);
  await check({ variance: "some" }, ({ step, phase }) => phase === "train" && step < 5);

  const sample = rows.find(({ step }) => step === 2)?.sample ?? "";
  run.writer.recordStates(4, [{ sample, state: "hard-few-shots" }]);
  const { rows: hard } = await until(
    () => view.open({ state: "hard" }),
    ({ total }) => total > 0,
  );
  assert.deepEqual(keys(hard), keys(rows.filter((row) => row.sample === sample)));
  assert.ok(hard.every(({ state }) => state === "hard-few-shots"));
  assert.equal((await view.open({ state: "few-shots" })).total, hard.length);
  assert.equal((await view.open({ state: "retired" })).total, 0);
});

/** What is known of samples is brought up to date now and then. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    assert.ok(Date.now() < deadline, "not in time");
  }
}

test("a part of the reward picks the groups with a completion that has it, also among those that come later", async () => {
  using run = makeRun();
  write(run);
  using view = new Listener(run.folder);
  const { rows } = await view.open();
  const malformed = { part: { name: "format", side: "below", value: 0.5 } } as const;
  const expected = rows.filter(({ marks }) => /[mt]/.test(marks));
  const { rows: found, list } = await view.open(malformed);
  assert.deepEqual(keys(found), keys(expected));
  assert.equal((await view.open({ part: { name: 'no"such', side: "atLeast", value: 0 } })).total, 0);
  const again = await view.open({ ...malformed, rows: "rollouts" });
  assert.deepEqual(
    again.rows.map((row) => row.marks),
    again.rows.map((row) => (/[mt]/.test(row.marks) ? row.marks : "not malformed")),
  );
  run.writer.recordStep(stepOf(5, 3, 4, 40));
  const told = await view.until((message) => message.kind === "delta" && message.list > list);
  const later = told.kind === "delta" ? told.splices.flatMap((splice) => splice.rows) : [];
  assert.ok(later.length > 0 && later.every((row) => row.step === 5 && /[mt]/.test(row.marks)));
});

test("rows may be completions: each with its own reward, and only those with the outcome that is asked for", async () => {
  using run = makeRun();
  write(run);
  using view = new Listener(run.folder);
  const { rows: groups } = await view.open();
  const { rows, total, list } = await view.open({ rows: "rollouts" });
  assert.equal(
    total,
    groups.reduce((sum, { marks }) => sum + marks.length, 0),
  );
  assert.deepEqual(
    rows.map((row) => [row.step, row.group, row.rollout, row.marks]),
    groups.flatMap((row) => [...row.marks].map((mark, rollout) => [row.step, row.group, rollout, mark])),
  );
  for (const row of rows) {
    assert.equal(row.reward, row.marks === "c" ? 1 : 0);
    assert.equal(row.advantage?.[0], row.advantage?.[1]);
    assert.ok(row.one && row.one.tokens >= 40 && row.one.reason !== "" && row.one.begins !== "");
  }
  const page = await view.ask("page", { list, start: 5, count: 7 });
  assert.deepEqual(page.rows, rows.slice(5, 12));

  const wrong = await view.open({ rows: "rollouts", outcome: "wrong" });
  assert.deepEqual(keys(wrong.rows), keys(rows.filter(({ marks }) => marks === "w")));
  const anchor = rows[17] as GroupRow;
  const { step, phase, group, rollout } = anchor;
  const around = await view.ask("open", {
    query: { ...EVERYTHING, rows: "rollouts" },
    follow: false,
    count: 4,
    around: { step, phase, group, ...(rollout !== undefined && { rollout }) },
  });
  assert.equal(around.at, 17);
});

test("completions of new groups come as rows of their own", async () => {
  using run = makeRun();
  write(run);
  using view = new Listener(run.folder);
  const { list, total } = await view.open({ rows: "rollouts", outcome: "correct" });
  run.writer.recordStep(stepOf(5, 2, 4, 40));
  const delta = await view.until((message) => message.kind === "delta" && message.list === list);
  assert.ok(delta.kind === "delta");
  const rows = delta.splices.flatMap((splice) => splice.rows);
  assert.equal(delta.total, total + rows.length);
  assert.ok(rows.length > 0 && rows.every((row) => row.marks === "c" && row.step === 5 && row.rollout !== undefined));
});
