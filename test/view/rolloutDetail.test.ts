/** What the rollout view tells of one group and one sample, in a real browser, on a real store with a real tokenizer. */
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { groupAt, type MadeRun, makeRun, sampleAt, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { hashOf } from "../../server/store/rows.ts";
import { comesTrue, type OpenedPage, pictures, skip, viewTests } from "./browserTests.ts";
import { bundleView, type RolloutHarness, startHarness } from "./harness.ts";
import type { Theme } from "./themes.ts";

const model = path.join(import.meta.dirname, "../../examples/quickstart/policy");
const sample = sampleAt(3);
const tests = viewTests(() => bundleView("rollouts"));

interface Opened extends OpenedPage {
  harness: RolloutHarness;
}

async function openView(run: MadeRun, { theme = "dark" as Theme, width = 1300 } = {}): Promise<Opened> {
  const harness = await startHarness(run.folder, tests.bundles);
  const viewport = { width, height: 900 };
  const opened = await tests.open(harness.address(theme, "test"), harness, { viewport });
  harness.say({ kind: "go", number: 1, query: { ...EVERYTHING, sample: sample.id } });
  await opened.page.locator(".card").first().waitFor();
  return { harness, ...opened };
}

/** A sample that a probe finds hard, that is drawn with few-shots, then as it is; its last completion thinks, shows examples and calls. */
function writeSample(run: MadeRun): void {
  const tokenizer = Tokenizer.load(model);
  const call = { name: sample.answer[0]?.name, arguments: { ...sample.answer[0]?.arguments, days: 9 } };
  const completion = `<think>${"hm ".repeat(40)}</think>\n<examples>\n{}\n</examples>\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`;
  const tokens = tokenizer.encode(completion);
  const probed = groupAt(0, 0, 4, 40).map((row) => ({ ...row, sample: sample.id, correct: false, advantage: null }));
  run.writer.recordRollouts("probe", 0, probed);
  run.writer.recordStates(0, [{ sample: sample.id, state: "hard-few-shots" }]);
  const demonstrations = [{ id: "d", query: "Wake me in <b>Rome</b>.", answer: [] }];
  const few = { sample: sample.id, attempt: 0, demonstrations, promptHash: hashOf("p"), tokens: 9, dropped: 0 };
  run.writer.recordFewShots(0, 1, [{ ...few, rollouts: 4, correct: 2, chosen: true }]);
  for (const step of [1, 2]) {
    const version = step === 1 ? "few-shot" : "raw";
    const prompt = `System text.\nuser\n${step === 1 ? "Wake me in <b>Rome</b>.\nassistant\nYes.\nuser\n" : ""}${sample.query}\nassistant\n`;
    const rollouts = groupAt(step, 0, 2, 40).map((row) => ({
      ...row,
      sample: sample.id,
      prompt,
      completion,
      tokens,
      logprobs: Float32Array.from(tokens, (_, index) => (index === 5 ? -6 : -0.01)),
      correct: false,
      truncated: false,
      formatOk: true,
      reward: 0,
      parts: { format: 1, result: 0 },
    }));
    const how = { group: 0, sample: sample.id, promptHash: hashOf(prompt), round: 1, edit: null } as const;
    run.writer.recordStep({
      ...stepOf(step, 1, 2, 40),
      rollouts,
      draws: [{ ...how, version, attempt: step === 1 ? 0 : null }],
    });
  }
}

test("a completion is told with each part's reason, its sections folded, and its tokens by probability", {
  skip,
}, async () => {
  using run = makeRun({ model });
  writeSample(run);
  await using view = await openView(run);
  const { page } = view;
  const card = page.locator(".card").first();
  await comesTrue(async () => {
    const parts = await card.locator(".parts tr").allInnerTexts();
    assert.match(parts[0] ?? "", /format\s+1.00\s+every tag is closed around one call/i);
    assert.match(parts[1] ?? "", /result\s+0.00\s+argument "days" of "book_table" is 9, expected 3/i);
    assert.match(await card.locator(".call").innerText(), /different\s+days\s+9\s+gold 3/);
  });
  await card.getByText(/^Text, /).click();
  const section = (kind: string) => card.locator(`.section-${kind}`);
  await comesTrue(async () => {
    assert.equal(await section("think").getAttribute("open"), null, "thoughts are folded");
    assert.equal(await section("examples").getAttribute("open"), null, "so are examples");
    assert.notEqual(await section("tool_call").getAttribute("open"), null, "calls are not");
  });
  await section("think").locator("summary").click();
  await comesTrue(async () => assert.match(await section("think").locator("pre").innerText(), /^(hm )+$/));
  await card.getByText("Shade by probability").click();
  await card.locator(".shades .token.shade-4[title]").waitFor();
  await comesTrue(async () => {
    assert.equal(await card.locator(".shades pre .token.shade-4").count(), 1);
    assert.match(await card.locator(".shades").innerText(), /Least likely: “.*” 0.2 %/);
  });
});

test("the prompt is marked, the timeline leads to other groups, and two steps stand side by side", {
  skip,
}, async () => {
  using run = makeRun({ model });
  writeSample(run);
  run.copyTo(path.join(path.dirname(run.folder), "20261121-000000-other"));
  await using view = await openView(run);
  const { page, harness } = view;
  await page.getByRole("tab", { name: "Completions" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".part-query").waitFor();
  assert.match(await page.locator(".prompt .warning").innerText(), /not what the tools and the chat template make/);
  assert.match(await page.locator(".part-query pre").innerText(), new RegExp(sample.query.replace(".", "\\.")));

  await page.keyboard.press("ArrowRight");
  const told = page.locator(".timeline");
  await told.getByText("Few-shots chosen for round 1, 2 of 4 correct with them.").waitFor();
  assert.match(await told.locator(".probes").innerText(), /before training: not solved, 0 of 4/);
  assert.equal(await told.locator("b").count(), 0, "what a sample says is text");
  await told.locator(".group-link").filter({ hasText: "with few-shots" }).click();
  await page.locator(".detail h2").filter({ hasText: "step 1" }).waitFor();

  await page.getByRole("tab", { name: "Compare" }).click();
  await page.locator(".pair .card").nth(3).waitFor();
  await comesTrue(async () => {
    assert.deepEqual(await page.locator(".side h3").allInnerTexts(), ["Step 1, training", "Step 2, training"]);
    assert.deepEqual(await page.locator(".prompt-differences summary").allInnerTexts(), [
      "Demonstration 1: question only on the left",
      "Demonstration 1: answer only on the left",
    ]);
  });
  await page.getByLabel("Compare with a group of").selectOption("20261121-000000-other");
  await page.locator(".side h3").filter({ hasText: "20261121-000000-other" }).waitFor();

  await page.getByRole("button", { name: "Edit Replacement of Sample" }).click();
  await comesTrue(async () => {
    const context = await page.locator(".row.active").getAttribute("data-vscode-context");
    assert.deepEqual(JSON.parse(context ?? ""), {
      webviewSection: "group",
      folder: run.folder,
      sample: sample.id,
      step: 1,
      phase: "train",
      group: 0,
    });
  });
  await comesTrue(() => {
    const asked = harness.heard.find(({ kind }) => kind === "editReplacement");
    assert.deepEqual(asked, { kind: "editReplacement", sample: sample.id });
  });

  await page.reload();
  await page.locator(".side h3").filter({ hasText: "20261121-000000-other" }).waitFor();
});

test("every tab keeps inside its pane in every theme, at double size too", { skip }, async () => {
  using run = makeRun({ model });
  writeSample(run);
  for (const [theme, width] of [
    ["dark", 1300],
    ["light", 640],
    ["contrast", 320],
  ] as const) {
    await using view = await openView(run, { theme, width });
    const { page } = view;
    for (const name of ["Completions", "Prompt", "Timeline", "Compare"]) {
      await page.getByRole("tab", { name }).click();
      await page.locator(".card, .part, .moment").first().waitFor();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll("body, .detail, .cards, .pair, .timeline, .parts")]
          .filter((element) => element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.className || element.tagName),
      );
      assert.deepEqual(wide, [], `${name}, ${theme}, ${width}`);
      if (pictures) await page.screenshot({ path: path.join(pictures, `detail-${theme}-${name}.png`) });
    }
  }
});
