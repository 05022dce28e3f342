import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { after, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { InputError } from "../../schemas/problem.ts";
import type { Outcome, RolloutPosition, RolloutRow } from "../../schemas/run.ts";
import { type RolloutQuery, RunReader } from "./reader.ts";
import { rolloutAt, stepAt } from "./testing/rollouts.ts";
import { RunWriter } from "./writer.ts";

let dir = "";
let all: RolloutRow[] = [];
before(() => {
  dir = mkdtempSync(join(tmpdir(), "reader-"));
  using writer = RunWriter.open(dir);
  for (const step of [1, 2, 3, 4]) writer.recordStep(stepAt(step));
  writer.recordRollouts("evaluation", 2, [rolloutAt(2, 0, 0), rolloutAt(2, 1, 0)]);
  writer.recordRollouts("probe", 4, [rolloutAt(4, 0, 0), rolloutAt(4, 0, 1)]);
  using reader = new RunReader(dir);
  all = reader.rollouts({ limit: 1000 }).rows;
});
after(() => rmSync(dir, { recursive: true, force: true }));

const placeOf = (row: RolloutPosition): string => `${row.step} ${row.phase} ${row.group} ${row.rollout}`;

function pages(reader: RunReader, query: RolloutQuery): RolloutRow[][] {
  const result: RolloutRow[][] = [];
  for (let after: RolloutPosition | null | undefined; after !== null; ) {
    const page = reader.rollouts({ ...query, ...(after ? { after } : {}) });
    result.push(page.rows);
    after = page.next;
  }
  return result;
}

test("rollouts are in the order of step, phase, group and rollout", () => {
  assert.equal(all.length, 4 * 6 + 4);
  const sorted = [...all].sort(
    (a, b) =>
      a.step - b.step ||
      (a.phase < b.phase ? -1 : Number(a.phase > b.phase)) ||
      a.group - b.group ||
      a.rollout - b.rollout,
  );
  assert.deepEqual(all.map(placeOf), sorted.map(placeOf));
});

test("pages of any query hold every matching rollout once, in order", () => {
  const query = fc.record(
    {
      phase: fc.constantFrom("train", "evaluation", "probe"),
      step: fc.integer({ min: 0, max: 5 }),
      sample: fc.constantFrom("sample-0", "sample-1", "sample-9"),
      outcome: fc.constantFrom<Outcome[]>("correct", "wrong", "malformed"),
      limit: fc.integer({ min: 1, max: 9 }),
      newestFirst: fc.boolean(),
    },
    { requiredKeys: ["limit", "newestFirst"] },
  );
  using reader = new RunReader(dir);
  fc.assert(
    fc.property(query, (generated) => {
      const { limit, newestFirst, ...wanted } = generated;
      const keys = Object.keys(wanted) as (keyof typeof wanted)[];
      const expected = all.filter((row) => keys.every((key) => row[key] === wanted[key]));
      if (newestFirst) expected.reverse();
      const found = pages(reader, generated as RolloutQuery);
      assert.deepEqual(found.flat(), expected);
      for (const page of found.slice(0, -1)) assert.equal(page.length, limit);
      if (found.length > 1) assert.ok((found.at(-1) as RolloutRow[]).length > 0, "no empty page at the end");
    }),
    { seed: 5, numRuns: 200 },
  );
});

test("a cursor holds while the steps around it are replayed", () => {
  using reader = new RunReader(dir);
  const first = reader.rollouts({ step: 3, limit: 2 });
  using writer = RunWriter.open(dir);
  writer.recordStep(stepAt(3));
  const second = reader.rollouts({ step: 3, limit: 4, ...(first.next ? { after: first.next } : {}) });
  assert.deepEqual([...first.rows, ...second.rows].map(placeOf), all.filter(({ step }) => step === 3).map(placeOf));
  assert.equal(second.next, null);
});

test("part of the steps, one prompt, one rollout's tokens, and nothing where there is nothing", () => {
  using reader = new RunReader(dir);
  assert.deepEqual(
    reader.steps({ first: 2, last: 3 }).map(({ step }) => step),
    [2, 3],
  );
  assert.equal(reader.prompt(all[0]?.promptHash ?? ""), rolloutAt(1, 0, 0).prompt);
  assert.equal(reader.prompt("0"), undefined);
  const position = { step: 2, phase: "train", group: 1, rollout: 2 } as const;
  assert.deepEqual(reader.tokens(position), {
    tokens: rolloutAt(2, 1, 2).tokens,
    logprobs: rolloutAt(2, 1, 2).logprobs,
  });
  assert.equal(reader.tokens({ ...position, rollout: 9 }), undefined);
});

test("events are followed by their sequence", () => {
  using writer = RunWriter.open(dir);
  for (const kind of ["a", "b", "a", "a"]) writer.recordEvent({ step: 1, kind, key: null, data: { kind } });
  using reader = new RunReader(dir);
  const [one, two] = reader.events({ kind: "a", limit: 2 });
  assert.deepEqual([one?.data, two?.kind], [{ kind: "a" }, "a"]);
  assert.equal(reader.events({ after: two?.sequence ?? 0, limit: 5 }).length, 1);
});

test("a page is bounded, and nothing can be written", () => {
  using reader = new RunReader(dir);
  for (const limit of [0, 1001, 1.5, Number.NaN]) {
    assert.throws(() => reader.rollouts({ limit }), RangeError);
    assert.throws(() => reader.events({ limit }), RangeError);
  }
  assert.equal("recordStep" in reader, false);
});

test("a run that has stored nothing says so", () => {
  assert.throws(
    () => new RunReader(tmpdir()),
    (error) => error instanceof InputError && /stored nothing yet/.test(error.message),
  );
});

/** Steps are whole: none is missing before the last, and each has all its rollouts. */
function checkWhole(reader: RunReader): number {
  const { steps, lastStep, rollouts } = reader.counts();
  assert.equal(steps, lastStep);
  assert.equal(rollouts, steps * 6);
  // One query, and the writer may be in the midst of a step.
  const newest = reader.rollouts({ limit: 12, newestFirst: true }).rows.map(({ step }) => step);
  assert.deepEqual(
    newest,
    newest.map((_, index) => (newest[0] as number) - Math.floor(index / 6)),
  );
  assert.ok(lastStep >= 1 && (newest[0] as number) >= lastStep);
  return lastStep;
}

async function spawnWriter(folder: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("testing/endlessWriter.ts", import.meta.url));
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), once(child, "exit")]);
  return child;
}

test("a reader beside a writing process sees whole steps, also after that process was killed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "reader-live-"));
  const child = await spawnWriter(folder);
  try {
    assert.equal(child.exitCode, null);
    using reader = new RunReader(folder);
    const first = checkWhole(reader);
    const deadline = Date.now() + 20_000;
    let seen = first;
    while (seen < first + 20 && Date.now() < deadline) {
      seen = checkWhole(reader);
      await pause(1);
    }
    assert.ok(seen >= first + 20, `only ${seen - first} steps were seen`);
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    const last = checkWhole(reader);
    using anew = new RunReader(folder);
    assert.equal(checkWhole(anew), last);
    using writer = RunWriter.open(folder);
    assert.equal(writer.recordStep(stepAt(last)), undefined, "the last step is replayed without a difference");
    writer.recordStep(stepAt(last + 1));
    assert.equal(checkWhole(anew), last + 1);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a store that was damaged where its tables or its values stand says so", () => {
  for (const damage of [
    (store: DatabaseSync) => store.exec("DROP VIEW sample_history; CREATE TABLE sample_history (step INTEGER)"),
    (store: DatabaseSync) => store.exec("UPDATE rollouts SET tokens = x'010203'"),
  ]) {
    const run = mkdtempSync(join(tmpdir(), "damaged-"));
    try {
      {
        using writer = RunWriter.open(run);
        writer.recordStep(stepAt(1));
      }
      {
        using store = new DatabaseSync(join(run, "run.sqlite"));
        damage(store);
      }
      using reader = new RunReader(run);
      assert.throws(
        () => {
          const [row] = reader.rollouts({ limit: 1 }).rows;
          reader.history(row?.sample ?? "");
          if (row) reader.tokens(row);
        },
        (error) => error instanceof InputError && /damaged; restore it from a copy/.test(error.message),
      );
    } finally {
      rmSync(run, { recursive: true, force: true });
    }
  }
});
