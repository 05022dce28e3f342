/** The view of curves in a real browser, on real stores, through the real worker. */
import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { isCurvesMessage } from "../../schemas/curvesView.ts";
import { readRunRecord, updateRunRecord } from "../../server/store/runFolder.ts";
import { comesTrue, pictures, retry, skip, viewTests } from "./browserTests.ts";
import { chart, openCurves, plot, tooWide } from "./curvesPage.ts";
import { bundleView } from "./harness.ts";

const tests = viewTests(() => bundleView("curves"));

/** The view of a run. */
const openView = (run: MadeRun, options: Parameters<typeof openCurves>[2] = {}) => openCurves(tests, run, options);

/** Noise that is the same in every run of the tests, −1 … 1. */
const noise = (step: number, stream: number): number => Math.sin(step * 12.9898 + stream * 78.233) ** 3;

/** Records steps whose numbers look like a run's; `skill` is how fast it learns. */
function train(run: MadeRun, first: number, last: number, skill = 30): void {
  for (let step = first; step <= last; step++) {
    const learnt = 1 - Math.exp(-step / skill);
    run.writer.recordStep({
      ...stepOf(step, 1, 2, 40),
      metrics: {
        loss: 0.01 * noise(step, 1),
        accuracy: 0.3 + 0.5 * learnt + 0.08 * noise(step, 2),
        rewardMean: 0.2 + 0.7 * learnt + 0.1 * noise(step, 3),
        "rewardParts.format": 0.6 + 0.4 * learnt,
        "rewardParts.correct": 0.1 + 0.6 * learnt + 0.1 * noise(step, 4),
        zeroVarianceGroups: 0.3 + 0.3 * learnt,
        allRightGroups: 0.1 + 0.4 * learnt,
        allWrongGroups: 0.2 - 0.1 * learnt,
        clippedLow: 0.002 + 0.001 * noise(step, 5),
        clippedHigh: 0.004 + 0.002 * noise(step, 6),
        samplerKl: 3e-5 + 2e-5 * noise(step, 7),
        samplerGapMean: 2e-6 + 1e-6 * noise(step, 9),
        samplerGapMax: 4e-5 + 3e-5 * noise(step, 10),
        samplerGapKl: 3e-9,
        samplerGapOutside: 0,
        entropy: 0.9 * Math.exp(-step / 60) + 0.05,
        tokensMean: 44 + 6 * noise(step, 8),
        tokensMax: 80,
        truncated: 0.1 * (1 - learnt),
        gradNorm: 0.4 + 0.2 * noise(step, 9),
        lossScale: 65_536,
        overflowedOptimizerSteps: 0,
        learningRate: 3e-4 * Math.min(1, step / 10),
        hardRows: Math.round(14 - 9 * learnt),
      },
      timings: { samplingTokensPerSecond: 5200 + 300 * noise(step, 10), updateTokensPerSecond: 2100 },
    });
    if (step % 20 === 0) evaluate(run, step, 0.35 + 0.4 * learnt);
  }
}

function evaluate(run: MadeRun, step: number, value: number): void {
  const accuracy = { rows: 200, correct: Math.round(200 * value), value, low: value - 0.06, high: value + 0.06 };
  const moment = step === 0 ? "before" : "between";
  run.writer.recordEvaluation({ step, moment, accuracy, categories: {}, truncated: 0, malformed: 0 });
}

test("every number of a run has its chart, and new steps arrive by themselves", { skip }, async () => {
  using run = makeRun();
  evaluate(run, 0, 0.35);
  train(run, 1, 60);
  await using view = await openView(run);
  const { page } = view;
  await plot(page, "Reward").waitFor();
  const titles = [
    ...["Accuracy", "Reward", "Parts of the reward", "Hard rows", "Groups without variance", "Clipped tokens"],
    ...[
      "KL divergence",
      "Sampling against training",
      "Tokens apart",
      "Entropy",
      "Length",
      "Truncated",
      "Loss",
      "Gradient norm",
      "Loss scale",
      "Steps left out",
      "Learning rate",
    ],
    "Tokens per second",
  ];
  await comesTrue(async () => {
    assert.deepEqual(await page.locator(".chart h2").allInnerTexts(), titles);
    assert.match(await chart(page, "Accuracy").locator(".legend").innerText(), /held-out 69\.6 %/);
  });
  train(run, 61, 70);
  await page.locator(".figure", { hasText: "step 70" }).waitFor();
  await comesTrue(async () => assert.equal(await plot(page, "Reward").getAttribute("aria-valuemax"), "70"));
  run.writer.recordStep({ ...stepOf(70, 1, 2, 40), metrics: { rewardMean: 0.125 } });
  await page.waitForFunction(() => /mean 0\.125/.test(document.body.innerText), undefined, { timeout: 20_000 });
});

test("the keyboard moves one cursor through all charts, and Enter asks for the step's rollouts", { skip }, async () => {
  using run = makeRun();
  train(run, 1, 40);
  await using view = await openView(run);
  const { page, harness } = view;
  await plot(page, "Reward").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[role=slider]")].every((one) => one.getAttribute("aria-valuenow") === "2"),
  );
  const spoken = () => plot(page, "Entropy").getAttribute("aria-valuetext");
  await comesTrue(async () => assert.match((await spoken()) ?? "", /^step 2, mean 0\.9\d*$/));
  await page.keyboard.press("Enter");
  const asked = () => harness.heard.filter(({ kind }) => kind === "openStep");
  await comesTrue(() => assert.deepEqual(asked(), [{ kind: "openStep", run: run.folder, step: 2 }]));
});

test("a click asks for the rollouts of the step below it, and a drag shows only its steps", { skip }, async () => {
  using run = makeRun();
  train(run, 1, 100);
  await using view = await openView(run);
  const { page, harness } = view;
  const over = chart(page, "Loss").locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  assert.ok(box);
  await page.mouse.click(box.x + box.width / 2, box.y + 20);
  await page.waitForFunction(() => document.querySelector("[role=slider]")?.getAttribute("aria-valuenow") === "50");
  const asked = () => harness.heard.filter(({ kind }) => kind === "openStep");
  await comesTrue(() => assert.deepEqual(asked(), [{ kind: "openStep", run: run.folder, step: 50 }]));
  await page.mouse.move(box.x + box.width * 0.25, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 30, { steps: 5 });
  await page.mouse.up();
  await page.getByText("Show all steps").click();
  await page.getByText("Show all steps").waitFor({ state: "detached" });
  assert.equal(asked().length, 1, "a drag is no click");
});

test("another run is laid over this one, its place kept over a reload, and taken away", { skip }, async () => {
  using run = makeRun();
  using other = makeRun();
  train(run, 1, 40);
  train(other, 1, 60, 90);
  await using view = await openView(run);
  const { page, harness } = view;
  await plot(page, "Reward").waitFor();
  const runs = {
    kind: "runs",
    runs: [
      { folder: run.folder, title: "quickstart" },
      { folder: other.folder, title: "<b>slow</b>" },
    ],
  } as const;
  const add = page.getByRole("combobox", { name: "Lay another run over this one" });
  harness.say({ ...runs, runs: [...runs.runs] });
  await add.click();
  await page.getByRole("option", { name: "<b>slow</b>" }).click();
  await page.waitForFunction(() => document.querySelector("[role=slider]")?.getAttribute("aria-valuemax") === "60");
  await comesTrue(async () => assert.equal(await chart(page, "Reward").locator(".legend li").count(), 2));
  if (pictures) await page.screenshot({ path: path.join(pictures, "curves-compared.png") });
  await page.reload();
  await page.waitForFunction(() => document.querySelector("[role=slider]")?.getAttribute("aria-valuemax") === "60");
  harness.say({ ...runs, runs: [...runs.runs] });
  await page.getByRole("button", { name: "<b>slow</b>" }).click();
  await page.waitForFunction(() => document.querySelector("[role=slider]")?.getAttribute("aria-valuemax") === "40");
});

test("the table holds the digits, and exports are a picture and a table", { skip }, async () => {
  using run = makeRun();
  train(run, 1, 70);
  await using view = await openView(run);
  const { page, harness } = view;
  await plot(page, "Reward").waitFor();
  await page.getByRole("button", { name: "Export the charts as PNG" }).click();
  await page.getByRole("button", { name: "Export the numbers as CSV" }).click();
  await page.getByRole("button", { name: "Show as a table" }).click();
  const table = page.getByRole("table");
  await table.waitFor();
  await comesTrue(async () => {
    assert.equal(await table.getByRole("row").count(), 51);
    assert.equal(await table.getByRole("rowheader").first().innerText(), "70");
  });
  await page.getByText("Older").click();
  await page.getByRole("button", { name: "20", exact: true }).click();
  const messages = () => harness.heard.filter(isCurvesMessage);
  await comesTrue(() => assert.ok(messages().some((message) => message.kind === "openStep" && message.step === 20)));
  // A page says one thing after the other, but a picture is drawn before it is said.
  await comesTrue(() => assert.equal(messages().filter(({ kind }) => kind === "save").length, 2));
  const saved = new Map(messages().flatMap((one) => (one.kind === "save" ? [[one.format, one.data]] : [])));
  const png = Buffer.from(saved.get("png") ?? "", "base64");
  if (pictures) writeFileSync(path.join(pictures, "curves-export.png"), png);
  assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from("PNG")]);
  assert.ok(png.length > 20_000, "there is something on it");
  const lines = (saved.get("csv") ?? "").split("\r\n");
  assert.match(lines[0] ?? "", /^run,step,heldOutAccuracy,accuracy,rewardMean,rewardParts\.correct,/);
  assert.equal(lines.length, 72);
});

test("published values stand beside the curve that means the same, where somebody wants them", { skip }, async () => {
  using run = makeRun();
  using other = makeRun();
  const { experiment } = readRunRecord(run.folder);
  updateRunRecord(run.folder, { experiment: { ...experiment, model: "/models/Qwen2.5-1.5B-Instruct" } });
  for (const one of [run, other]) {
    train(one, 1, 40);
    const counts = { rows: 62687, hard: 17000, rollouts: 10, skipped: 0, drawn: 626870, saved: 0 };
    one.writer.recordProbe({ step: 0, moment: "before", mode: "full", ...counts }, []);
  }
  await using view = await openView(run);
  const { page } = view;
  const legend = chart(page, "Hard rows").locator(".legend");
  await plot(page, "Hard rows").waitFor();
  assert.doesNotMatch(await legend.innerText(), /TE Table/);
  await page.getByRole("checkbox", { name: "Published values" }).click();
  await legend.getByText(/Qwen2\.5-1\.5B after grpo 12,211 \(TE Tables 2 and 3\)/).waitFor();
  const spoken = () => plot(page, "Hard rows").getAttribute("aria-valuetext");
  await comesTrue(async () => assert.match((await spoken()) ?? "", /published for .* grpo 12,211/));
  await page.reload();
  await legend.getByText(/Qwen2\.5-1\.5B after grpo 12,211 \(TE Tables 2 and 3\)/).waitFor();
  if (pictures) await page.screenshot({ path: path.join(pictures, "curves-published.png") });

  await using without = await openView(other);
  await plot(without.page, "Hard rows").waitFor();
  assert.equal(await without.page.getByRole("checkbox").count(), 0, "another model's count means something else");
});

test("nothing to draw yet, a folder that is gone, and its return", { skip }, async () => {
  using run = makeRun();
  await using view = await openView(run);
  const { page } = view;
  await page.getByText("Nothing to draw yet").waitFor();
  train(run, 1, 3);
  await plot(page, "Reward").waitFor();
  run.close();
  renameSync(run.folder, `${run.folder}-away`);
  await page.getByRole("alert").waitFor();
  renameSync(`${run.folder}-away`, run.folder);
  await retry(page);
});

test("every theme and width keeps its charts inside, and its pictures can be kept", { skip }, async () => {
  using run = makeRun();
  evaluate(run, 0, 0.35);
  train(run, 1, 120);
  for (const [theme, width] of [
    ["dark", 1280],
    ["light", 760],
    ["contrast", 340],
  ] as const) {
    await using view = await openView(run, { theme, width, height: 900 });
    const { page } = view;
    await plot(page, "Reward").focus();
    await page.keyboard.press("PageDown");
    assert.deepEqual(await tooWide(page), [], `${theme} at ${width} pixels scrolls sideways`);
    if (!pictures) continue;
    await page.screenshot({ path: path.join(pictures, `curves-${theme}-${width}.png`) });
    await page.getByRole("button", { name: "Show as a table" }).click();
    await page.getByRole("table").waitFor();
    await page.screenshot({ path: path.join(pictures, `curves-table-${theme}.png`) });
  }
});
