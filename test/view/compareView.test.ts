/** The view that compares runs in a real browser, on real stores, through the real worker. */
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Page } from "playwright-core";
import { evaluated } from "../../extension/rollouts/testing/evaluated.ts";
import { type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { isCompareMessage } from "../../schemas/compareView.ts";
import { readRunRecord, updateRunRecord } from "../../server/store/runFolder.ts";
import { comesTrue, type OpenedPage, pictures, retry, skip, viewTests } from "./browserTests.ts";
import { bundleView, type CompareHarness, startCompare } from "./harness.ts";
import type { Theme } from "./themes.ts";

const tests = viewTests(() => bundleView("compare"));

interface Opened extends OpenedPage {
  harness: CompareHarness;
}

async function openView(runs: readonly MadeRun[], { theme = "dark" as Theme, width = 1200 } = {}): Promise<Opened> {
  const named = runs.map(({ folder }, place) => ({ folder, title: ["baseline", "<b>bold</b>", "third"][place] ?? "" }));
  const harness = await startCompare(named, tests.bundles);
  const options = { viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
  return { harness, ...(await tests.open(harness.address(theme, "Comparison"), harness, options)) };
}

/** Three finished runs: the second is better, the third has another objective. */
function threeRuns(): Disposable & Record<"first" | "second" | "third", MadeRun> {
  const made = new DisposableStack();
  const [first, second, third] = [2, 5, 3].map((n) => {
    const run = made.use(makeRun({ rows: 200, state: "finished" }));
    for (let step = 1; step <= 30; step++) {
      run.writer.recordStep({
        ...stepOf(step, 1, 2, 40),
        metrics: { rewardMean: 1 - n / (n + step), hardRows: 40 - step },
      });
    }
    evaluated(run, { step: 0, rows: 200, solves: (row) => row % 4 === 0 });
    evaluated(run, { step: 30, rows: 200, solves: (row) => (n === 5 ? row % 5 !== 0 : row % n === 0) });
    evaluated(run, { step: 30, rows: 200, solves: (row) => row % n !== 0, probe: "full", rollouts: 4 });
    return run;
  }) as [MadeRun, MadeRun, MadeRun];
  const { experiment } = readRunRecord(third.folder);
  const objective = { ...experiment.settings.objective, clipHigh: 0.28 };
  updateRunRecord(third.folder, { experiment: { ...experiment, settings: { ...experiment.settings, objective } } });
  return { first, second, third, [Symbol.dispose]: () => made.dispose() };
}

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const heardOf = ({ harness }: Opened) => harness.heard.filter(isCompareMessage);

test("results stand side by side, with the difference over the same rows and how it was computed", {
  skip,
}, async () => {
  using runs = threeRuns();
  const { first, second, third } = runs;
  await using view = await openView([first, second, third]);
  const { page } = view;
  const table = part(page, "Results").getByRole("table", { name: /Held-out rows/ });
  const row = table.getByRole("row", { name: /<b>bold<\/b>/ });
  await row.waitFor();
  const told = /160 of 200\s+80\.0 % \(73\.9 to 85\.0\)\s+\+30\.0 points \(\+\d+\.\d to \+\d+\.\d\)/;
  await comesTrue(async () => {
    assert.match(await row.innerText(), told);
    assert.match(await table.getByRole("row", { name: /baseline/ }).innerText(), /the first run/);
  });
  await part(page, "Results")
    .getByText(/Newcombe .* McNemar/)
    .waitFor();
  assert.equal(await page.locator("b").count(), 0);

  await page.getByRole("button", { name: /^Compare with this one.*third$/ }).click();
  await table.getByRole("row", { name: /third.*the first run/ }).waitFor();
  await page.reload();
  await table.getByRole("row", { name: /third.*the first run/ }).waitFor();
});

test("only values that differ are shown, and which of them are defaults", { skip }, async () => {
  using runs = threeRuns();
  const { first, third } = runs;
  await using view = await openView([first, third]);
  const { page } = view;
  const configuration = part(page, "Configuration");
  const row = configuration.getByRole("row", { name: /settings\.objective\.clipHigh/ });
  await row.waitFor();
  await comesTrue(async () => {
    assert.deepEqual(await row.getByRole("cell").allInnerTexts(), ["0.2default", "0.28"]);
    assert.equal(await configuration.getByRole("row").count(), 2);
    assert.match(await configuration.innerText(), /\d+ values are the same in all runs/);
  });
});

test("rows whose outcome differs come by pages, and each opens where it was counted", { skip }, async () => {
  using runs = threeRuns();
  const { first, second, third } = runs;
  await using view = await openView([first, second, third]);
  const { page } = view;
  const samples = part(page, "Rows whose outcome differs");
  await samples.getByText("1 to 25 of 100").waitFor();
  await comesTrue(async () => assert.equal(await samples.getByRole("row").count(), 26));
  await samples.getByText("Next").click();
  await samples.getByText("26 to 50 of 100").waitFor();
  await samples.getByText("Previous").click();
  await samples.getByLabel("Solved by").selectOption("first");
  await samples.getByText("1 to 20 of 20").waitFor();
  await samples.getByRole("button", { name: "row-0010: wrong in <b>bold</b>. Open its rollouts there." }).click();
  await samples.getByLabel("Rows", { exact: true }).selectOption("training");
  await samples.getByLabel("First run against").selectOption("third");
  await samples.getByRole("button", { name: /^row-0003: 1 of 4 correct in baseline/ }).click();
  const opened = () => heardOf(view).filter(({ kind }) => kind === "openSample");
  await comesTrue(() =>
    assert.deepEqual(opened(), [
      { kind: "openSample", run: second.folder, source: "heldOut", sample: "row-0010", step: 30 },
      { kind: "openSample", run: first.folder, source: "training", sample: "row-0003", step: 30 },
    ]),
  );
  await samples.getByText(/Request 3 about/).waitFor();
});

test("every table is exported, the rows all of them", { skip }, async () => {
  using runs = threeRuns();
  const { first, second, third } = runs;
  await using view = await openView([first, second, third]);
  const { page } = view;
  await page.getByText("1 to 25 of 100").waitFor();
  for (const name of ["results", "configuration", "rows whose outcome differs"])
    await page.getByRole("button", { name: `Export the ${name} as CSV` }).click();
  await part(page, "Curves").getByRole("button", { name: "Export the numbers as CSV" }).click();
  const saved = () => new Map(heardOf(view).flatMap((one) => (one.kind === "save" ? [[one.name, one.data]] : [])));
  await comesTrue(() => assert.equal(saved().size, 4));
  const lines = (name: "results" | "configuration" | "samples" | "curves") => (saved().get(name) ?? "").split("\r\n");
  assert.equal(lines("samples").length, 102);
  assert.equal(
    lines("samples")[0],
    "sample,question,baseline,baseline (correct rollouts),<b>bold</b>,<b>bold</b> (correct rollouts)",
  );
  assert.match(lines("results")[0] ?? "", /^run,folder,rows,step,asked,solved,/);
  assert.match(
    lines("results").find((line) => line.startsWith("<b>bold</b>")) ?? "",
    /heldOut,30,200,160,0\.8,.*,0\.3,/,
  );
  assert.match(lines("configuration").join("\n"), /settings\.objective\.clipHigh,0\.2,true,0\.2,true,0\.28,false/);
  assert.match(lines("curves")[0] ?? "", /^run,step,/);
});

test("curves of all runs lie over one another, and lead to a step's rollouts", { skip }, async () => {
  using runs = threeRuns();
  const { first, second, third } = runs;
  await using view = await openView([first, second, third]);
  const { page } = view;
  const plot = page.getByRole("region", { name: "Reward", exact: true }).getByRole("slider");
  await plot.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".chart .legend li").length > 2);
  const opened = () => heardOf(view).filter(({ kind }) => kind === "openStep");
  await comesTrue(() => assert.deepEqual(opened(), [{ kind: "openStep", run: first.folder, step: 30 }]));
  const legend = page.getByRole("region", { name: "Reward", exact: true }).locator(".legend li");
  await comesTrue(async () => assert.equal(await legend.count(), 3));
});

test("runs without results say so, and one that is gone is told beside the others", { skip }, async () => {
  using first = makeRun();
  using second = makeRun();
  await using view = await openView([first, second]);
  const { page } = view;
  await page.getByText("None of the runs has been evaluated or probed yet").waitFor();
  await page.getByText("Neither run has an evaluation").waitFor();
  await page.getByText("No value differs").waitFor();
  second.close();
  renameSync(second.folder, `${second.folder}-away`);
  const alert = page.getByRole("alert").getByText(/<b>bold<\/b>: .*(run\.json|no longer there)/);
  await alert.waitFor();
  renameSync(`${second.folder}-away`, second.folder);
  await retry(page);
});

test("every theme and width keeps its parts inside, and its pictures can be kept", { skip }, async () => {
  using runs = threeRuns();
  const { first, second, third } = runs;
  for (const [theme, width] of [
    ["dark", 1280],
    ["light", 760],
    ["contrast", 1280],
    ["light", 340],
  ] as const) {
    await using view = await openView([first, second, third], { theme, width });
    const { page } = view;
    await page.getByText("1 to 25 of 100").waitFor();
    await page.locator(".plot canvas").first().waitFor();
    const wide = await page.evaluate(() =>
      [document.body, ...document.querySelectorAll("main, .part, .toolbar, .chart")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.className || element.tagName),
    );
    assert.deepEqual(wide, [], `${theme} at ${width} pixels scrolls sideways`);
    if (!pictures) continue;
    await page.screenshot({ path: path.join(pictures, `compare-${theme}-${width}.png`) });
    await page.locator("main").evaluate((main) => main.scrollTo(0, main.scrollHeight - 1500));
    await page.screenshot({ path: path.join(pictures, `compare-${theme}-${width}-below.png`) });
  }
});
