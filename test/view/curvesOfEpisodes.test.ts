/** The curves of runs of episodes: which tools the policy chooses, how evenly, and how often that is right. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Page } from "playwright-core";
import { type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { ofEpisodes, played } from "../../extension/rollouts/testing/playedEpisodes.ts";
import { isCurvesMessage } from "../../schemas/curvesView.ts";
import { updateRunRecord } from "../../server/store/runFolder.ts";
import { comesTrue, pictures, skip, viewTests } from "./browserTests.ts";
import { chart, openCurves, plot, tooWide } from "./curvesPage.ts";
import { bundleView } from "./harness.ts";

const tests = viewTests(() => bundleView("curves"));

const TOOLS = ["calculator", "spreadsheet", "ledger", "converter", "calendar", "price_list", "table", "search"];
const CATEGORIES = ["dates", "prices", "sums"];

/** Two favourites that give way to the others; `spread` is how far, 0 to 1. */
function evaluate(run: MadeRun, step: number, spread: number): void {
  const turns = TOOLS.map((name) =>
    Math.round(name === "calculator" || name === "search" ? 90 - 55 * spread : 40 * spread),
  );
  const tools = Object.fromEntries(TOOLS.map((name, place) => [name, turns[place] ?? 0]));
  played(run, {
    step,
    right: 0.4 + 0.3 * spread,
    tools,
    reasoning: Math.round(160 - 100 * spread),
    categories: CATEGORIES,
  });
}

function train(run: MadeRun, last: number, spread: number): void {
  ofEpisodes(run);
  evaluate(run, 0, 0);
  for (let step = 1; step <= last; step++) {
    const learnt = 1 - Math.exp(-step / 20);
    const metrics = {
      loss: 0.02 * Math.sin(step),
      valueLoss: 0.4 * (1 - learnt) + 0.05,
      explainedVariance: -0.3 + 1.1 * learnt,
      valueClipped: 0.2 * learnt,
      clippedLow: 0.01,
      clippedHigh: 0.03,
      samplerKl: 1e-3 * learnt,
      referenceKl: 4e-3 * learnt,
      epochs: step / 20,
    };
    run.writer.recordStep({ step, metrics, timings: {}, rollouts: [] });
    if (step % 20 === 0) evaluate(run, step, spread * learnt);
  }
}

const legend = (page: Page, title: string): Promise<string> => chart(page, title).locator(".legend").innerText();

test("a run of episodes shows accuracy with its interval beside the choice of tools, and what PPO measures", {
  skip,
}, async () => {
  using run = makeRun();
  train(run, 60, 1);
  await using view = await openCurves(tests, run);
  const { page } = view;
  await plot(page, "Choice of tools").waitFor();
  const titles = [
    ...["Accuracy of episodes", "Choice of tools", "Entropy of the choice of tools", "Turns without a choice"],
    ...["Clipped tokens", "KL divergence", "Value loss", "Explained variance", "Clipped values", "Epochs", "Loss"],
  ];
  assert.deepEqual(await page.locator(".chart h2").allInnerTexts(), titles);
  assert.match(await legend(page, "Accuracy of episodes"), /held-out 68\.5 % \(61\.8 % to 74\.5 %\)/);
  const tools = await legend(page, "Choice of tools");
  for (const name of [...TOOLS, "plain reasoning"]) assert.match(tools, new RegExp(`${name}\\s+\\d`));
  await plot(page, "Choice of tools").focus();
  await page.keyboard.press("Home");
  await comesTrue(async () => {
    const spoken = (await plot(page, "Choice of tools").getAttribute("aria-valuetext")) ?? "";
    assert.match(spoken, /^step 1, .*calculator 26\.5 %.*ledger 0\.0 %.*plain reasoning 47\.1 %/);
  });
});

test("a category is chosen for all that evaluations show, and kept over a reload", { skip }, async () => {
  using run = makeRun();
  train(run, 60, 1);
  await using view = await openCurves(tests, run);
  const { page } = view;
  await plot(page, "Choice of tools").waitFor();
  await page.getByRole("combobox", { name: /^Held-out questions/ }).click();
  await page.getByRole("option", { name: "sums" }).click();
  await plot(page, "Choice of tools · sums").waitFor();
  assert.match(await legend(page, "Accuracy of episodes · sums"), /held-out 4\d\.\d % \(/);
  assert.equal(await plot(page, "Turns without a choice").count(), 0, "nobody counted them by category");
  await page.reload();
  await plot(page, "Entropy of the choice of tools · sums").waitFor();
  await page.getByRole("button", { name: "Show as a table" }).click();
  const head = await page.locator("thead").innerText();
  assert.match(head, /Choice of tools · sums\s+plain reasoning/);
  const first = page.locator("tbody tr").first();
  await comesTrue(async () => assert.match(await first.innerText(), /^60\s+4\d\.\d % \(\d+\.\d % to \d+\.\d %\)/));
});

test("runs lie over one another, but for shares: each has its own chart, and the exports have all of them", {
  skip,
}, async () => {
  using spark = makeRun();
  using imitation = makeRun();
  train(spark, 60, 1);
  train(imitation, 40, 0.3);
  await using view = await openCurves(tests, spark, { height: 1100 });
  const { page, harness } = view;
  await plot(page, "Choice of tools").waitFor();
  const runs = [
    { folder: spark.folder, title: "spark" },
    { folder: imitation.folder, title: "sft" },
  ];
  harness.say({ kind: "runs", runs });
  await page.getByRole("combobox", { name: "Lay another run over this one" }).click();
  await page.getByRole("option", { name: "sft" }).click();
  await plot(page, "Choice of tools: sft").waitFor();
  await plot(page, "Choice of tools: spark").waitFor();
  await comesTrue(async () => assert.equal(await chart(page, "Accuracy of episodes").locator(".legend li").count(), 2));
  assert.equal(await chart(page, "Entropy of the choice of tools").locator(".legend li").count(), 4);
  if (pictures) await page.screenshot({ path: path.join(pictures, "episodes-compared.png") });
  await page.getByRole("button", { name: "Export the charts as PNG" }).click();
  await page.getByRole("button", { name: "Export the numbers as CSV" }).click();
  const saved = () => harness.heard.filter(isCurvesMessage).filter(({ kind }) => kind === "save");
  await comesTrue(() => assert.equal(saved().length, 2));
  const data = new Map(saved().flatMap((one) => (one.kind === "save" ? [[one.format, one.data]] : [])));
  if (pictures) writeFileSync(path.join(pictures, "episodes-export.png"), Buffer.from(data.get("png") ?? "", "base64"));
  const [head = "", ...rows] = (data.get("csv") ?? "").trimEnd().split("\r\n");
  const columns = head.split(",");
  for (const name of ["choice.ledger", "choice(plain reasoning)", "choiceEntropyBits", "episodeAccuracy[sums].high"])
    assert.ok(columns.includes(name), name);
  const entropies = (run: string) =>
    rows
      .filter((row) => row.startsWith(`${run},`))
      .flatMap((row) => row.split(",")[columns.indexOf("choiceEntropyBits")] || []);
  assert.deepEqual([entropies("spark").length, entropies("sft").length], [4, 3]);
  assert.ok(Number(entropies("spark").at(-1)) > Number(entropies("sft").at(-1)));
});

test("what is not known yet says what to do, and a run without episodes shows none of it", { skip }, async () => {
  using waiting = makeRun();
  ofEpisodes(waiting);
  waiting.writer.recordStep({ step: 1, metrics: { valueLoss: 1 }, timings: {}, rollouts: [] });
  await using view = await openCurves(tests, waiting);
  await view.page.getByRole("note").filter({ hasText: "was cut off before its first evaluation" }).waitFor();
  updateRunRecord(waiting.folder, { state: "stopped" });
  await view.page.getByRole("note").filter({ hasText: "Resume it" }).waitFor();
  evaluate(waiting, 1, 0.5);
  await plot(view.page, "Choice of tools").waitFor();
  assert.equal(await view.page.getByRole("note").count(), 0);

  using without = makeRun();
  without.writer.recordStep({ ...stepOf(1, 1, 2, 40), metrics: { rewardMean: 0.5 } });
  const accuracy = { rows: 4, correct: 2, value: 0.5, low: 0.1, high: 0.9 };
  const categories = { sums: accuracy, dates: accuracy };
  without.writer.recordEvaluation({ step: 0, moment: "before", accuracy, categories, truncated: 0, malformed: 0 });
  await using plain = await openCurves(tests, without);
  await plot(plain.page, "Accuracy").waitFor();
  assert.deepEqual(await plain.page.locator(".chart h2").allInnerTexts(), ["Accuracy", "Reward"]);
  assert.equal(await plain.page.getByRole("combobox").count(), 0);
  assert.equal(await plain.page.getByRole("note").count(), 0);
});

test("a single evaluation is seen, in every theme and width", { skip }, async () => {
  using run = makeRun();
  train(run, 60, 1);
  using base = makeRun();
  train(base, 10, 0);
  for (const [theme, width, of] of [
    ["dark", 1280, run],
    ["light", 760, run],
    ["contrast", 1280, run],
    ["contrast", 340, base],
    ["light", 1280, base],
  ] as const) {
    await using view = await openCurves(tests, of, { theme, width, height: 900 });
    await plot(view.page, "Choice of tools").focus();
    await view.page.keyboard.press("End");
    assert.deepEqual(await tooWide(view.page), [], `${theme} at ${width} pixels scrolls sideways`);
    if (!pictures) continue;
    const name = `episodes-${of === base ? "base" : "run"}-${theme}-${width}.png`;
    await view.page.screenshot({ path: path.join(pictures, name) });
  }
});
