import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import type { EditEvent } from "../../../schemas/protocol.ts";
import type { Sample } from "../../../schemas/samples.ts";
import type { StoredEdit } from "../../store/curriculumRows.ts";
import type { EditSource } from "../curriculum/hands.ts";
import { train } from "../run.ts";
import { excludeEdit, fewShotEdit, goldEdit, writeEdit } from "../testing/edits.ts";
import { memoryRun, temporaryFolder, until } from "../testing/harness.ts";
import type { WorkspaceChanges } from "../testing/workspace.ts";
import { HandEdits } from "./handEdits.ts";
import { ReplacementFolder } from "./replacementFolder.ts";

const hinted: WorkspaceChanges = {
  world: "hinted",
  settings: {
    steps: 8,
    lengths: { prompt: 64 },
    probe: { rollouts: 3 },
    curriculum: { mode: "replace", replacements: true, fewShots: "random" },
  },
};

/** A run with a folder of edits, their record in memory. */
async function setUp(t: TestContext, changes = hinted) {
  const run = await memoryRun(t, changes);
  const folder = temporaryFolder(t);
  const recorded: StoredEdit[] = [];
  const told: EditEvent[] = [];
  let newest = 0;
  const open = (): HandEdits =>
    new HandEdits({
      folder: new ReplacementFolder(folder),
      data: run.data,
      batch: 8,
      mode: run.experiment.settings.curriculum.mode,
      recorded: [...recorded],
      newestStep: () => newest,
      record: (edits) =>
        edits.map((edit) => {
          const stored = { ...edit, sequence: recorded.length + 1, time: "" };
          recorded.push(stored);
          return stored;
        }),
      tell: (event) => told.push(event),
    });
  const rowOf = (id: string): Sample => {
    const row = run.data.train.find(({ sample }) => sample.id === id);
    assert.ok(row);
    return row.sample;
  };
  return {
    run,
    folder,
    recorded,
    told,
    open,
    rowOf,
    complete: (step: number) => {
      newest = step;
    },
  };
}

const shown = (query: number, v: number) => [
  { query: `Show q${query}`, calls: [{ name: `tool${query % 4}`, arguments: { v } }] },
];

test("a file is taken over once, with the first step that may use it; deleting it gives the choice back", async (t) => {
  const { folder, open, rowOf, recorded, complete, run } = await setUp(t);
  const edits = open();
  assert.deepEqual(edits.at(1), []);
  complete(1);
  const file = writeEdit(folder, fewShotEdit(rowOf("q1-0"), shown(5, 1)));
  const [edit] = edits.at(2);
  assert.ok(edit?.replacement?.action === "fewshot");
  assert.deepEqual([edit.step, run.data.train[edit.row]?.sample.id], [2, "q1-0"]);
  complete(2);
  assert.deepEqual(edits.at(3), [], "nothing changed since");
  complete(3);
  rmSync(join(folder, file));
  assert.deepEqual(
    edits.at(4).map(({ replacement }) => replacement),
    [null],
  );
  assert.deepEqual(
    recorded.map(({ step, action, sample, text }) => [step, action, sample, text === null]),
    [
      [2, "fewshot", "q1-0", false],
      [4, "automatic", "q1-0", true],
    ],
  );
});

test("an invalid file is refused with its reason, and the last valid version stays", async (t) => {
  const { folder, open, rowOf, told, complete } = await setUp(t);
  const edits = open();
  const file = writeEdit(folder, fewShotEdit(rowOf("q1-0"), shown(5, 1)));
  const [first] = edits.at(1);
  assert.ok(first);
  const refused: [string, RegExp][] = [
    ['{"sample": "q1-0", ', /1:20/],
    [JSON.stringify(fewShotEdit(rowOf("q1-0"), [])), /Without a demonstration/],
    [JSON.stringify({ ...fewShotEdit(rowOf("q1-0"), shown(5, 1)), sample: "q9-0" }), /No sample has the id "q9-0"/],
    [JSON.stringify(fewShotEdit(rowOf("q1-0"), shown(5, 1), { row: "0".repeat(64) })), /has changed since this edit/],
    [
      JSON.stringify(fewShotEdit(rowOf("q1-0"), [{ query: "x", calls: [{ name: "nope", arguments: {} }] }])),
      /No catalog defines/,
    ],
    [
      JSON.stringify(fewShotEdit(rowOf("q1-0"), Array.from({ length: 9 }, () => shown(5, 1)).flat())),
      /longer than settings\.lengths\.prompt/,
    ],
    ["x".repeat(1_000_001), /./],
  ];
  for (const [index, [text, reason]] of refused.entries()) {
    complete(index + 1);
    writeFileSync(join(folder, file), text);
    assert.deepEqual(edits.at(index + 2), [], text.slice(0, 100));
    const event = told.at(-1);
    assert.equal(event?.action, "refused");
    assert.match(event?.reason ?? "", reason);
    assert.equal(event?.step, index + 2);
    assert.ok((event?.reason ?? "").length <= 500);
  }
  assert.deepEqual(
    edits.upTo(99).map(({ sequence }) => sequence),
    [first.sequence],
  );
});

test("where no probe looks at rows again, an edit for as long as its row is hard is refused", async (t) => {
  const { run, folder, open, rowOf, told, complete } = await setUp(t, {
    ...hinted,
    settings: { ...hinted.settings, curriculum: { mode: "none", replacements: true } },
  });
  const edits = open();
  for (const edit of [
    fewShotEdit(rowOf("q1-0"), shown(5, 1), { scope: "whileHard" }),
    excludeEdit(rowOf("q2-0"), { scope: "whileHard" }),
  ]) {
    writeEdit(folder, edit);
    assert.deepEqual(edits.at(1), []);
    assert.match(told.at(-1)?.reason ?? "", /mode "none" .*set the scope to "always"/);
  }
  complete(1);
  writeEdit(folder, fewShotEdit(rowOf("q1-0"), shown(5, 1)));
  assert.deepEqual(
    edits.at(2).map(({ row }) => run.data.train[row]?.sample.id),
    ["q1-0"],
  );
});

test("of two files for one sample the second is refused; an exclusion that leaves too few rows is refused", async (t) => {
  const { folder, open, rowOf, told, run, complete } = await setUp(t);
  const edits = open();
  const first = writeEdit(folder, excludeEdit(rowOf("q1-0")));
  writeFileSync(join(folder, "z.replacement.json"), JSON.stringify(excludeEdit(rowOf("q1-0"))));
  assert.equal(edits.at(1).length, 1);
  assert.match(told.at(-1)?.reason ?? "", /is edited by q1-0-.*\.replacement\.json already/);
  complete(1);
  assert.deepEqual(edits.at(2), [], "refused once");
  complete(2);
  rmSync(join(folder, first));
  assert.deepEqual(
    edits.at(3).map(({ replacement }) => replacement?.action ?? null),
    [null, "exclude"],
    "the other file has its turn",
  );
  complete(3);
  for (const { sample } of run.data.train) writeEdit(folder, excludeEdit(sample));
  assert.equal(edits.at(4).length, 7, "eight of sixteen rows are left for steps of eight");
  assert.match(told.at(-1)?.reason ?? "", /draws 8 different rows.*only 7 would be left/);
});

test("a step that is replayed gets what is on record for it, whatever the folder holds by then", async (t) => {
  const { folder, open, rowOf, recorded, complete } = await setUp(t);
  const first = open();
  const file = writeEdit(folder, fewShotEdit(rowOf("q1-0"), shown(5, 1)));
  const used = [first.at(1), first.at(2)];
  complete(2);
  rmSync(join(folder, file));
  writeEdit(folder, excludeEdit(rowOf("q2-0")));
  const again = open();
  assert.deepEqual([again.at(1), again.at(2)], used);
  assert.deepEqual(again.upTo(2), used.flat());
  assert.equal(recorded.length, 1);
  assert.deepEqual(
    again
      .at(3)
      .map(({ replacement }) => replacement?.action ?? null)
      .sort(),
    ["exclude", null].sort(),
  );
});

test("an editor's snapshot is answered at once and used by the next step", async (t) => {
  const { folder, open, rowOf, complete } = await setUp(t);
  const edits = open();
  edits.at(1);
  complete(1);
  const text = JSON.stringify(fewShotEdit(rowOf("q1-0"), shown(5, 1)));
  const [answer] = edits.offer([{ file: "a.replacement.json", text }]);
  assert.deepEqual(answer, { file: "a.replacement.json", sample: "q1-0", action: "fewshot", step: 2, reason: null });
  assert.equal(edits.offer([{ file: "b.replacement.json", text: "{" }])[0]?.action, "refused");
  assert.equal(edits.at(2).length, 1);
  complete(2);
  writeFileSync(join(folder, "a.replacement.json"), text);
  assert.deepEqual(edits.at(3), [], "the disk has caught up");
  complete(3);
  edits.offer([{ file: "a.replacement.json", text: null }]);
  assert.deepEqual(
    edits.at(4).map(({ replacement }) => replacement),
    [null],
  );
});

test("a change of the folder is told before the next step, and not a second time by it", async (t) => {
  const { folder, open, rowOf, told, complete } = await setUp(t);
  const edits = open();
  edits.at(1);
  complete(1);
  const watched = new ReplacementFolder(folder);
  let changes = 0;
  t.after(
    watched.watch(() => {
      changes++;
    }),
  );
  const file = writeEdit(folder, excludeEdit(rowOf("q1-0")));
  await until("the folder's change to be seen", () => changes > 0);
  edits.notice();
  edits.notice();
  assert.deepEqual(told, [{ file, sample: "q1-0", action: "exclude", step: 2, reason: null }]);
  assert.equal(edits.at(2).length, 1);
  assert.equal(told.length, 1);
  complete(2);
  rmSync(join(folder, file));
  edits.notice();
  assert.equal(told.at(-1)?.action, "automatic");
  assert.equal(edits.at(3).length, 1);
  assert.equal(told.length, 2);
});

test("a folder that is not there is watched in vain, without harm", () => {
  new ReplacementFolder("/nowhere/at/all").watch(() => assert.fail())();
});

test("a run that takes no edits says so", async (t) => {
  const { run } = await setUp(t);
  const edits = new HandEdits({
    folder: undefined,
    data: run.data,
    batch: 8,
    mode: "replace",
    recorded: [],
    newestStep: () => 0,
    record: () => [],
    tell: () => {},
  });
  assert.match(edits.offer([{ file: "a.replacement.json", text: "{}" }])[0]?.reason ?? "", /takes no edits/);
  assert.deepEqual(edits.at(1), []);
});

/** Trains with the edits of a folder, and does something before a step. */
async function trained(
  t: TestContext,
  before: (step: number, made: Awaited<ReturnType<typeof setUp>>) => void,
  changes = hinted,
) {
  const made = await setUp(t, changes);
  const edits = made.open();
  const source: EditSource = {
    at: (step) => {
      made.complete(step - 1);
      before(step, made);
      return edits.at(step);
    },
  };
  await train({ ...made.run, edits: source });
  const draws = made.run.recorder.steps.flatMap(({ step, groups }) =>
    groups.map(({ row, rollouts }) => ({ step, row, rollouts })),
  );
  return { ...made, draws };
}

test("an edit made during a run is used at the next draw of its sample, and given back when its file goes", async (t) => {
  const { draws, run } = await trained(t, (step, { folder, rowOf }) => {
    if (step === 3) writeEdit(folder, fewShotEdit(rowOf("q1-0"), shown(5, 1)));
    if (step === 7) rmSync(folder, { recursive: true });
  });
  const own = draws.filter(({ row }) => row.sample.id === "q1-0");
  assert.equal(own.length, 4, "once in each pass");
  for (const { step, row } of own) {
    if (step < 3 || step >= 7) assert.notEqual(row.version, "edited");
    else {
      assert.equal(row.version, "edited");
      assert.equal(row.edit, 1);
      assert.match(row.prompt.text, /^Show q5.*Ask q1h1$/s);
    }
  }
  assert.ok(draws.filter(({ row }) => row.sample.id !== "q1-0").every(({ row }) => row.version !== "edited"));
  assert.deepEqual(
    run.recorder.edits.map(({ step, sample, state }) => [step, sample, state === "edited"]),
    [
      [3, "q1-0", true],
      [7, "q1-0", false],
    ],
  );
});

test("an edit for as long as the row is hard ends when the raw row is solved", async (t) => {
  const { draws, run } = await trained(
    t,
    (step, { folder, run: { data } }) => {
      if (step !== 1) return;
      for (const { sample, index } of data.train) {
        writeEdit(folder, fewShotEdit(sample, shown((index + 4) % 8, index % 8 < 4 ? 1 : 0), { scope: "whileHard" }));
      }
    },
    { ...hinted, settings: { ...hinted.settings, steps: 30 } },
  );
  const hardAt = (step: number, id: string): boolean => {
    const probes = run.recorder.found.filter((event) => event.step < step && event.step >= step - 2);
    return probes.some(({ samples }) => samples.includes(id));
  };
  for (const { step, row } of draws)
    assert.equal(row.version === "edited", hardAt(step, row.sample.id), `${step} ${row.sample.id}`);
  assert.ok(draws.some(({ row }) => row.version === "raw"));
});

test("an excluded row is not drawn and not probed, and its place goes to others", async (t) => {
  const { draws, run } = await trained(t, (step, { folder, rowOf }) => {
    if (step === 3) writeEdit(folder, excludeEdit(rowOf("q1-0")));
  });
  assert.ok(draws.filter(({ step }) => step >= 3).every(({ row }) => row.sample.id !== "q1-0"));
  assert.ok(run.recorder.steps.every(({ groups }) => groups.length === 8));
  assert.deepEqual(
    run.recorder.probes.map(({ rows }) => rows),
    [16, 16, 15, 15, 15],
  );
  assert.equal(run.recorder.rounds.at(-1)?.excluded, 1);
});

test("a corrected gold is what completions are judged by, and the row is probed as if new", async (t) => {
  const gold = [{ name: "tool2", arguments: { v: 0 } }];
  const { draws, run } = await trained(t, (step, { folder, rowOf }) => {
    if (step === 3) writeEdit(folder, goldEdit(rowOf("q1-0"), gold));
  });
  for (const { step, row, rollouts } of draws.filter(({ row: { sample } }) => sample.id === "q1-0")) {
    assert.deepEqual(row.sample.answer, step < 3 ? [{ name: "tool1", arguments: { v: 0 } }] : gold);
    for (const { correct, calls } of rollouts) if (correct) assert.deepEqual(calls, row.sample.answer);
  }
  assert.equal(run.recorder.edits[0]?.state, "edited");
  const index = run.data.train.findIndex(({ sample }) => sample.id === "q1-0");
  assert.deepEqual(run.progress.curriculum.row(index).sample.answer, gold);
});

test("few-shots of other rows show a corrected gold only from the next round on", async (t) => {
  const made = await setUp(t);
  const { curriculum } = made.run.progress;
  const row = made.run.data.train.findIndex(({ sample }) => sample.id === "q1-0");
  const gold = [{ name: "tool2", arguments: { v: 0 } }];
  curriculum.take({
    sequence: 1,
    step: 3,
    row,
    replacement: JSON.parse(JSON.stringify(goldEdit(made.rowOf("q1-0"), gold))),
  });
  assert.notDeepEqual(curriculum.fewShots.sourceOf(3).sampleOf(row).answer, gold);
  assert.deepEqual(curriculum.fewShots.sourceOf(4).sampleOf(row).answer, gold);
  assert.ok(
    curriculum.fewShots.sourceOf(4).pool.candidates("tool1", undefined) <
      curriculum.fewShots.sourceOf(3).pool.candidates("tool1", undefined),
  );
});
