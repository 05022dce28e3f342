/**
 * The real client of the view and the real session of the worker, with a channel between them that loses, repeats and
 * delays messages. Once it is honest again, the view must come to show what the store holds. Time is told by the test.
 */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { ViewSession } from "../../extension/rollouts/worker/session.ts";
import { EVERYTHING, type HostMessage, keyOf, type ListQuery, type SortOrder } from "../../schemas/rolloutView.ts";
import { GroupReader } from "../../server/store/groupReader.ts";
import { RolloutClient } from "../../webview/rollouts/client/rolloutClient.ts";
import { Channel, type Fate, fates } from "./channel.ts";
import { pass, tellTime, timers } from "./toldTime.ts";

const query: ListQuery = EVERYTHING;

type Action =
  | { kind: "step"; groups: number }
  | { kind: "replay"; back: number; groups: number }
  | { kind: "follow"; follow: boolean }
  | { kind: "sort"; sort: SortOrder }
  | { kind: "look"; first: number }
  | { kind: "wait" };

const actions = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("step" as const), groups: fc.integer({ min: 1, max: 6 }) }) },
    fc.record({
      kind: fc.constant("replay" as const),
      back: fc.integer({ min: 0, max: 3 }),
      groups: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ kind: fc.constant("follow" as const), follow: fc.boolean() }),
    fc.record({
      kind: fc.constant("sort" as const),
      sort: fc.constantFrom<SortOrder>("newest", "oldest", "rewardDown", "sample"),
    }),
    fc.record({ kind: fc.constant("look" as const), first: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ kind: fc.constant("wait" as const) }),
  ),
  { minLength: 5, maxLength: 25 },
);

tellTime();

async function converses(plan: Action[], fate: () => Fate): Promise<void> {
  using run = makeRun();
  const toView = new Channel(fate, (message) => client.receive(message));
  using session = new ViewSession(run.folder, (message) => toView.send(message));
  const toSession = new Channel(fate, (message) => session.receive(message));
  const client = new RolloutClient({
    post: (message) => toSession.send(message),
    timers,
    query,
    follow: true,
    around: null,
    changed: () => undefined,
  });
  client.open();
  let step = 0;
  for (const action of plan) {
    if (action.kind === "step") run.writer.recordStep(stepOf(++step, action.groups, 2, 40));
    else if (action.kind === "replay" && step > action.back) {
      const again = stepOf(step - action.back, action.groups, 2, 40);
      run.writer.recordStep({ ...again, rollouts: again.rollouts.map((row) => ({ ...row, reward: row.reward + 1 })) });
    } else if (action.kind === "follow") client.setFollow(action.follow);
    else if (action.kind === "sort") client.setQuery({ ...query, sort: action.sort });
    else if (action.kind === "look") client.look(action.first, action.first + 20);
    await pass(100);
  }

  toView.honest = true;
  toSession.honest = true;
  client.setFollow(true);
  client.look(0, 1000);
  // Longer than the view waits for an answer, and then is silent, before it asks anew.
  await pass(24_000);

  using reader = new GroupReader(run.folder);
  const stored = new Map(reader.since(0).map((group) => [keyOf(group), group]));
  const { list, connection, problem } = client.state;
  const shown = [...(list?.rows ?? [])];
  client.dispose();
  assert.deepEqual([connection, problem], ["live", undefined]);
  assert.equal(shown.length, stored.size, "no row is missing, and none is there twice");
  for (const row of shown) {
    const group = stored.get(keyOf(row));
    assert.deepEqual([row.revision, row.marks, row.reward], [group?.revision, group?.marks, group?.reward]);
  }
  const { sort } = client.state.query;
  if (sort === "newest") {
    const steps = shown.map((row) => row.step);
    assert.deepEqual(
      steps,
      steps.toSorted((a, b) => b - a),
    );
  }
}

test("whatever is lost, repeated or late, the view comes to show what the store holds", async () => {
  await fc.assert(
    fc.asyncProperty(actions, fates, async (plan, stream) => {
      await converses(plan, () => stream.next().value ?? "pass");
    }),
    { seed: 20261121, numRuns: 12, endOnFailure: true },
  );
});

test("an honest channel needs no second opening", async () => {
  let openings = 0;
  using run = makeRun();
  const toView = new Channel(
    () => "pass",
    (message) => client.receive(message),
  );
  using session = new ViewSession(run.folder, (message) => toView.send(message));
  const client = new RolloutClient({
    post: (message) => {
      if (message.kind === "request" && message.method === "open") openings++;
      session.receive(message);
    },
    timers,
    query,
    follow: true,
    around: null,
    changed: () => undefined,
  });
  client.open();
  await pass(100);
  for (let step = 1; step <= 20; step++) {
    run.writer.recordStep(stepOf(step, 2, 2, 40));
    await pass(260);
  }
  assert.equal(client.state.list?.rows.length, 40);
  assert.equal(client.state.list?.rows.at(0)?.step, 20);
  // The first comes from reading the samples after the first rows were shown.
  assert.equal(openings, 1);
  client.dispose();
});

test("a view that nobody sees is told nothing, and of all that came the rows where it looks", async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 2, 2, 40));
  const told: HostMessage[] = [];
  using session = new ViewSession(run.folder, (message) => told.push(message));
  const params = { query, follow: true, count: 100, around: null };
  session.receive({ kind: "request", id: 1, method: "open", params });
  await pass(100);
  session.setVisible(false);
  const before = told.length;
  for (let step = 2; step <= 100; step++) run.writer.recordStep(stepOf(step, 5, 1, 40));
  await pass(5000);
  assert.equal(told.length, before);
  session.setVisible(true);
  await pass(100);
  const deltas = told.filter((message) => message.kind === "delta");
  assert.deepEqual(
    deltas.map(({ total, splices }) => [total, ...splices.map(({ at, rows, more }) => [at, rows.length, more])]),
    [[2 + 99 * 5, [0, 100, 99 * 5 - 100]]],
  );
});
