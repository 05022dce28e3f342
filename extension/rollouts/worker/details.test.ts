import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { GroupKey } from "../../../schemas/rolloutView.ts";
import { ChatTemplate } from "../../../server/prompts/chatTemplate.ts";
import { PromptRenderer } from "../../../server/prompts/promptRenderer.ts";
import { Tokenizer } from "../../../server/prompts/tokenizer.ts";
import type { DrawRecord } from "../../../server/store/curriculumRows.ts";
import { hashOf, type RolloutRecord } from "../../../server/store/rows.ts";
import { loadCatalog } from "../../../server/toolcalls/catalog.ts";
import { Listener } from "../testing/listener.ts";
import { groupAt, type MadeRun, makeRun, sampleAt, stepOf } from "../testing/madeRun.ts";

const model = path.join(import.meta.dirname, "../../../examples/quickstart/policy");
const sample = sampleAt(3);
const demonstrations = [
  { id: "d", query: "Wake me in Rome.", answer: [{ name: "set_alarm", arguments: { city: "Rome" } }] },
];
const first: GroupKey = { step: 1, phase: "train", group: 0 };

/** A step of one group of the sample, put as is said. */
function draw(
  run: MadeRun,
  step: number,
  how: Partial<DrawRecord>,
  change: (row: RolloutRecord) => RolloutRecord = (row) => row,
): void {
  const rollouts = groupAt(step, 0, 2, 40).map((row) => change({ ...row, sample: sample.id }));
  const [{ prompt }] = rollouts as [RolloutRecord];
  const drawn = { group: 0, sample: sample.id, version: "raw", round: 1, attempt: null, edit: null } as const;
  run.writer.recordStep({
    ...stepOf(step, 1, 2, 40),
    rollouts,
    draws: [{ ...drawn, promptHash: hashOf(prompt), ...how }],
  });
}

test("a prompt comes with its parts, found with the run's own template and the demonstrations of the draw", async () => {
  using run = makeRun({ model });
  const tokenizer = Tokenizer.load(model);
  const tools = loadCatalog([path.join(path.dirname(run.samples), "all.tools.json")]);
  const { text, parts } = new PromptRenderer(tokenizer, ChatTemplate.load(model), tools).marked(sample, demonstrations);
  run.writer.recordFewShots(0, 1, [
    {
      sample: sample.id,
      attempt: 2,
      demonstrations,
      promptHash: hashOf(text),
      tokens: 9,
      dropped: 0,
      rollouts: 4,
      correct: 1,
      chosen: true,
    },
  ]);
  draw(run, 1, { version: "few-shot", attempt: 2, promptHash: hashOf(text) }, (row) => ({ ...row, prompt: text }));
  using view = new Listener(run.folder);
  await view.open();
  const detail = await view.ask("group", first);
  assert.deepEqual([detail.row.put, detail.round, detail.note], ["few-shot", 1, null]);
  assert.deepEqual(
    detail.marks.map(({ kind, demonstration, from, to }) => [kind, demonstration, detail.prompt.text.slice(from, to)]),
    parts.map((part) => [part.kind, part.demonstration, part.text]),
  );
  assert.ok(detail.marks.some(({ kind }) => kind === "tools"));
  assert.ok(detail.marks.some(({ kind, demonstration }) => kind === "question" && demonstration === 0));
});

test("a prompt that the tools and the template make no longer is marked as far as its questions go", async () => {
  using run = makeRun({ model });
  draw(run, 1, {}, (row) => ({ ...row, prompt: `Once it was so.\nuser\n${sample.query}` }));
  using view = new Listener(run.folder);
  await view.open();
  const { marks, note } = await view.ask("group", first);
  assert.match(note ?? "", /not what the tools and the chat template make of the sample today/);
  assert.deepEqual(
    marks.map(({ kind }) => kind),
    ["system", "query"],
  );
});

test("without the model the questions are found and the tools are not, and it says why", async () => {
  using run = makeRun();
  const prompt = `You may call tools.\nuser\n${sample.query}\n`;
  draw(run, 1, { promptHash: hashOf(prompt) }, (row) => ({ ...row, prompt }));
  using view = new Listener(run.folder);
  await view.open();
  const { marks, note } = await view.ask("group", first);
  assert.match(
    note ?? "",
    /^Where the tools stand in the prompt is not known: the model's folder .* is no longer there\.$/,
  );
  assert.deepEqual(
    marks.map(({ kind, from, to }) => [kind, prompt.slice(from, to)]),
    [
      ["system", "You may call tools.\n"],
      ["query", `user\n${sample.query}`],
      ["opening", "\n"],
    ],
  );
});

test("gold calls that an edit corrected are those that a completion is compared with", async () => {
  using run = makeRun();
  const gold = [{ name: "get_weather", arguments: { city: "Oslo" } }];
  const history = [{ at: "2026-11-20T10:00:00Z", by: "Ada", why: "the row is wrong" }];
  const text = JSON.stringify({
    sample: sample.id,
    row: "0".repeat(64),
    action: "fixGold",
    scope: "always",
    gold,
    history,
  });
  const [edit] = run.writer.recordEdits([
    { step: 1, file: "a.replacement.json", sample: sample.id, action: "fixGold", text, reason: null },
  ]);
  const completion = `<tool_call>\n${JSON.stringify(gold[0])}\n</tool_call>`;
  draw(run, 1, { edit: edit?.sequence ?? null }, (row) => ({
    ...row,
    completion,
    reward: 1,
    parts: { format: 1, result: 1 },
  }));
  using view = new Listener(run.folder);
  await view.open();
  const detail = await view.ask("group", first);
  assert.deepEqual(detail.gold, { calls: ['get_weather {"city":"Oslo"}'], corrected: true });
  assert.equal(detail.edit?.file, "a.replacement.json");
  for (const { calls, parts } of detail.completions) {
    assert.deepEqual(
      calls?.map(({ status }) => status),
      ["same"],
    );
    assert.deepEqual(
      parts.map(({ why }) => why),
      ["every tag is closed around one call", "the calls are the gold calls"],
    );
  }
  const { moments } = await view.ask("sample", { sample: sample.id, run: null });
  const told = moments.find(({ what }) => what === "edit");
  assert.deepEqual(told && "by" in told && [told.action, told.by, told.why], ["fixGold", "Ada", "the row is wrong"]);
});

test("a sample's way is told in order: edits before the draw that uses them, the probe behind its step, then its state", async () => {
  using run = makeRun();
  const probe = (step: number, correct: boolean) => {
    const rows = groupAt(step, 3, 2, 40).map((row) => ({ ...row, sample: sample.id, correct, formatOk: true }));
    run.writer.recordRollouts("probe", step, rows);
  };
  probe(0, false);
  run.writer.recordStates(0, [{ sample: sample.id, state: "hard-few-shots" }]);
  run.writer.recordFewShots(
    0,
    1,
    [false, true].map((chosen, attempt) => ({
      sample: sample.id,
      attempt,
      demonstrations,
      promptHash: hashOf("p"),
      tokens: 9,
      dropped: 0,
      rollouts: 4,
      correct: Number(chosen),
      chosen,
    })),
  );
  draw(run, 1, { version: "few-shot", attempt: 1 });
  run.writer.recordEdits([
    { step: 2, file: "a.replacement.json", sample: sample.id, action: "refused", text: "{", reason: "no JSON" },
  ]);
  draw(run, 2, {});
  probe(2, true);
  run.writer.recordStates(2, [{ sample: sample.id, state: "retired" }]);
  using view = new Listener(run.folder);
  await view.open();
  const { moments, state, query, more } = await view.ask("sample", { sample: sample.id, run: null });
  assert.deepEqual([state, query, more], ["retired", sample.query, 0]);
  assert.deepEqual(
    moments.map((one) => [one.step, one.what === "group" ? `${one.key.phase} ${one.put}` : one.what]),
    [
      [0, "probe null"],
      [0, "few-shots"],
      [0, "state"],
      [1, "train few-shot"],
      [2, "edit"],
      [2, "train raw"],
      [2, "probe null"],
      [2, "state"],
    ],
  );
  const chosen = moments.find(({ what }) => what === "few-shots");
  assert.deepEqual(chosen?.what === "few-shots" && [chosen.choices, chosen.correct, chosen.shown], [
    2,
    1,
    ["Wake me in Rome."],
  ]);
});

test("tokens come with their texts and log-probabilities; where they were not kept, or cannot be read, it says so", async () => {
  using run = makeRun({ model });
  const tokenizer = Tokenizer.load(model);
  const completion = "<tool_call>\n{}\n</tool_call>";
  const tokens = Int32Array.of(...tokenizer.encode(completion), tokenizer.eos);
  const logprobs = Float32Array.from(tokens, (_, index) => (index === 1 ? Number.NaN : -0.5));
  draw(run, 1, {}, (row) => ({ ...row, completion, tokens, logprobs }));
  run.writer.recordRollouts(
    "probe",
    1,
    groupAt(1, 0, 1, 40).map((row) => ({ ...row, compact: true })),
  );
  using view = new Listener(run.folder);
  await view.open();
  const found = await view.ask("tokens", { key: first, rollout: 1 });
  assert.ok("tokens" in found);
  assert.equal(found.tokens.map(({ text }) => text).join(""), completion + tokenizer.eosText);
  assert.deepEqual([found.tokens[0]?.logprob, found.tokens[1]?.logprob], [-0.5, null]);
  const lost = await view.ask("tokens", { key: { ...first, phase: "probe" }, rollout: 0 });
  assert.match("problem" in lost ? lost.problem : "", /kept of training alone/);
  const { completions } = await view.ask("group", { ...first, phase: "probe" });
  assert.equal(completions[0]?.logprobs, false);
});

test("the same sample of a run beside it can be read, and nothing that is no run of that folder", async () => {
  using run = makeRun();
  draw(run, 1, {});
  const beside = path.join(path.dirname(run.folder), "20261121-000000-other");
  mkdirSync(path.join(path.dirname(run.folder), "no-run"));
  writeFileSync(path.join(path.dirname(run.folder), "a-file"), "");
  run.copyTo(beside);
  using view = new Listener(run.folder);
  await view.open();
  const { runs } = await view.ask("neighbours", {});
  assert.deepEqual(
    runs.map(({ folder }) => folder),
    ["20261121-000000-other"],
  );
  const own = await view.ask("group", first);
  const other = await view.ask("groupOf", { run: "20261121-000000-other", key: first });
  assert.deepEqual(other.completions, own.completions);
  const { moments } = await view.ask("sample", { sample: sample.id, run: "20261121-000000-other" });
  assert.equal(moments.length, 1);
  for (const name of ["../runs/20261121-000000-other", "no-run", "..", ""]) {
    const answer = await view.answer("groupOf", { run: name, key: first });
    assert.deepEqual(answer.kind === "refusal" && answer.code, "gone", name);
  }
});
