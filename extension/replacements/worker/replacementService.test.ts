import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import test, { type TestContext } from "node:test";
import { isReplacementHostMessage, type Reading } from "../../../schemas/replacementView.ts";
import { replacementFileName } from "../../../server/toolcalls/replacementName.ts";
import { HARD, madeRun, quickstartCopy } from "../testing/quickstartRun.ts";
import { ReplacementService } from "./replacementService.ts";

function workspace(t: TestContext): string {
  const { folder, [Symbol.dispose]: remove } = quickstartCopy();
  t.after(remove);
  return folder;
}

/** A reading has to pass the check at the view's end. */
function readingOf(service: ReplacementService, file: string, text: string): Reading {
  const reading = service.read({ file, text, version: 3 });
  assert.ok(isReplacementHostMessage(structuredClone({ kind: "reading", reading })));
  return reading;
}

test("a hard sample becomes a file with what the algorithm chose, which reads as sound", (t) => {
  const root = workspace(t);
  const run = madeRun(root);
  const service = new ReplacementService();
  const hard = service.hardSamples(run);
  assert.deepEqual(
    hard.map(({ id, state, failed, edited, tools }) => ({ id, state, failed, edited, tools })),
    [{ id: HARD, state: "hard-few-shots", failed: 1, edited: false, tools: ["set_heating"] }],
  );
  const draft = service.draft(run, HARD);
  assert.equal(dirname(draft.file), join(root, "replacements"));
  assert.equal(draft.exists, false);
  const reading = readingOf(service, draft.file, draft.text);
  assert.deepEqual([reading.version, reading.fault, reading.problems, reading.trouble], [3, null, [], null]);
  assert.deepEqual(
    reading.edit?.demonstrations.map(({ query }) => query),
    ["Heat the hall to 20."],
  );
  assert.deepEqual(reading.run, { id: basename(run), live: false, takesEdits: true, step: 2, state: "hard-few-shots" });
  assert.ok("parts" in reading.prompt && reading.prompt.tokens > 20 && reading.prompt.tokens <= reading.prompt.budget);
  assert.ok(
    reading.prompt.parts.some(({ kind, text }) => kind === "question" && text.includes("Heat the hall to 20.")),
  );
  const form = reading.edit?.demonstrations[0]?.calls[0]?.form;
  assert.ok(form?.kind === "object");
  assert.deepEqual(
    form.members.map(({ name, form: { kind, type } }) => [name, kind, type]),
    [
      ["room", "text", "string"],
      ["degrees", "number", "integer"],
      ["duration", "number", "integer"],
    ],
  );
});

test("without a choice of the algorithm, a draft shows the best of the pool", (t) => {
  const root = workspace(t);
  const run = madeRun(root);
  const service = new ReplacementService();
  const { edit, problems } = readingOf(service, ...fileOf(service.draft(run, "train-003")));
  assert.equal(edit?.demonstrations.length, 2);
  assert.ok(edit.demonstrations.every(({ calls }) => calls.some(({ name }) => name === "get_weather")));
  assert.deepEqual(problems, []);
});

test("faults of the content are problems of their place; a file that is no replacement is a fault", (t) => {
  const root = workspace(t);
  const service = new ReplacementService();
  const file = join(root, "replacements", "x.replacement.json");
  const wrong = {
    sample: HARD,
    row: "0".repeat(64),
    action: "fewshot",
    scope: "always",
    demonstrations: [
      { query: "", calls: [{ name: "set_heating", arguments: { room: "hall", degrees: "warm", duration: 60 } }] },
    ],
  };
  const empty = readingOf(service, file, JSON.stringify(wrong));
  assert.deepEqual(
    empty.problems.map(({ path }) => path),
    [["demonstrations", 0, "query"]],
  );
  assert.equal(empty.fault, null, "a query that is being written is no broken file");
  const [demonstration] = wrong.demonstrations;
  const asked = { ...wrong, demonstrations: [{ ...demonstration, query: "q" }] };
  assert.deepEqual(
    readingOf(service, file, JSON.stringify(asked)).problems.map(({ kind, path }) => [kind, path.join(".")]),
    [
      ["row-changed", "row"],
      ["argument", "demonstrations.0.calls.0.arguments.degrees"],
    ],
  );
  for (const [text, sentence, line] of [
    ['{\n "sample": }', /./, 2],
    ["", /empty/, null],
    ["[]", /object/, null],
    ['{"sample":"a","action":"sing"}', /action/, null],
    [JSON.stringify({ ...wrong, demonstrations: [{ query: 1 }] }), /demonstrations\.0/, null],
  ] as const) {
    const { fault, edit } = readingOf(service, file, text);
    assert.equal(edit, null, text);
    assert.match(fault?.sentence ?? "", sentence);
    assert.equal(fault?.line, line, text);
  }
});

test("without experiment, tools or model the edit is shown all the same, with the reason", (t) => {
  const root = workspace(t);
  const service = new ReplacementService();
  const { file, text } = service.draft(madeRun(root), HARD);
  rmSync(join(root, "policy", "tokenizer.json"));
  assert.match(JSON.stringify(readingOf(new ReplacementService(), file, text).prompt), /tokenizer\.json/);
  writeFileSync(join(root, "tools", "home.tools.json"), "[");
  const reading = readingOf(new ReplacementService(), file, text);
  assert.match(reading.trouble ?? "", /home\.tools\.json/);
  assert.deepEqual([reading.problems, reading.edit?.sample], [[], HARD]);
  const alone = join(root, "elsewhere", "replacements", "x.replacement.json");
  mkdirSync(dirname(alone), { recursive: true });
  assert.match(readingOf(new ReplacementService(), alone, text).trouble ?? "", /no experiment/);
});

test("the history joins the file's savings with what the run made of them", async (t) => {
  const root = workspace(t);
  const run = madeRun(root);
  const service = new ReplacementService();
  const { file, text } = service.draft(run, HARD);
  assert.equal(basename(file), replacementFileName(HARD));
  const saved = { at: "2020-01-01T00:00:00Z", by: "ada", why: "unit" };
  const withHistory = JSON.stringify({ ...JSON.parse(text), history: [saved, { by: "nobody" }] });
  const { entries, automatic, problem } = service.history({ file, text: withHistory, version: 1 });
  assert.deepEqual(
    entries.map(({ kind, by, why, step, outcome }) => ({ kind, by, why, step, outcome })),
    [
      { kind: "taken", by: null, why: null, step: 2, outcome: { draws: 1, rollouts: 2, correct: 1 } },
      { kind: "saved", by: "ada", why: "unit", step: null, outcome: null },
    ],
  );
  assert.deepEqual([automatic, problem], [{ draws: 1, rollouts: 2, correct: 0 }, null]);
  assert.match((await service.offer(file, text)).sentence, /not live/);
});

const fileOf = ({ file, text }: { file: string; text: string }): [string, string] => [file, text];

test("rollouts of a store and of a try become demonstrations, the former by their place", (t) => {
  const root = workspace(t);
  const run = madeRun(root);
  const { promotions } = new ReplacementService();
  const [listed] = promotions.list(run);
  assert.deepEqual([listed?.sample, listed?.at], [HARD, { step: 2, phase: "train", group: 0, rollout: 0 }]);
  const from = (step: number, rollout: number) =>
    promotions.find({ kind: "stored", run, at: { step, phase: "train", group: 0, rollout } });
  const promotion = from(2, 0);
  assert.equal(promotion.demonstrations, join(root, "quickstart.demos.jsonl"));
  assert.match(promotions.toFile({ ...promotion, text: "" }).insert, new RegExp(`^\\{"id":"${HARD}-rollout"`));
  assert.throws(() => from(2, 1), /not correct/);
  assert.throws(() => from(9, 0), /no such rollout/);
  const { file, text } = new ReplacementService().draft(run, HARD);
  const tried = {
    side: "edited",
    rollout: 0,
    text: "",
    characters: 0,
    tokens: 1,
    truncated: false,
    calls: '[{"name": "set_heating", "arguments": {"room": "garage", "degrees": 22, "duration": 1200}}]',
    formatOk: true,
    correct: true,
    reward: 1,
    failed: false,
    reason: "",
  } as const;
  const own = promotions.find({ kind: "tried", file, sample: HARD, rollout: tried });
  assert.throws(() => promotions.toEdit({ ...own, file, text }), /the very answer of the sample/);
  const other = new ReplacementService().draft(run, "train-003");
  const added = JSON.parse(promotions.toEdit({ ...own, file: other.file, text: other.text }));
  assert.equal(added.demonstrations.at(-1).calls[0].arguments.duration, 1200);
  assert.throws(() => promotions.toEdit({ ...own, file, text: "{" }), /broken/);
});
