/** Filters, columns and rows of the rollout view, in a real browser. */
import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { hashOf } from "../../server/store/rows.ts";
import { comesTrue, type OpenedPage, pictures, skip, viewTests } from "./browserTests.ts";
import { bundleView, type RolloutHarness, startHarness } from "./harness.ts";

const tests = viewTests(() => bundleView("rollouts"));

async function openView(run: MadeRun, width = 1300): Promise<OpenedPage & { harness: RolloutHarness }> {
  const harness = await startHarness(run.folder, tests.bundles);
  const opened = await tests.open(harness.address("dark", "test"), harness, { viewport: { width, height: 800 } });
  await opened.page.getByText(/^\d+ groups$/).waitFor();
  return { harness, ...opened };
}

/** Eight steps of two groups, the second of each with few-shots. */
function write(run: MadeRun): void {
  for (let step = 1; step <= 8; step++) {
    const made = stepOf(step, 2, 4, 40);
    const firsts = made.rollouts.filter(({ rollout }) => rollout === 0);
    const draws = firsts.map(({ group, sample, prompt }) => ({
      group,
      sample,
      version: group === 0 ? ("raw" as const) : ("few-shot" as const),
      promptHash: hashOf(prompt),
      round: 1,
      attempt: null,
      edit: null,
    }));
    run.writer.recordStep({ ...made, draws });
  }
}

test("filters beside the common ones are set by fields, kept under a name, and come back after a reload", {
  skip,
}, async () => {
  using run = makeRun();
  write(run);
  await using view = await openView(run);
  const { page, harness } = view;
  await page.getByRole("button", { name: "More" }).click();
  await page.getByLabel("Drawn", { exact: true }).selectOption("few-shot");
  await page.getByText(/^8 groups$/).waitFor();
  await page.getByLabel("Steps from").fill("3");
  await page.getByLabel("Steps from").press("Enter");
  await page.getByText(/^6 groups$/).waitFor();
  await page.getByLabel("Steps from").fill("9");
  await page.getByLabel("to", { exact: true }).first().fill("4");
  await page.getByText("The first one lies behind the last one.").waitFor();
  await page.getByLabel("Steps from").fill("3");
  await page.getByLabel("Steps from").press("Enter");
  await page.getByText(/^2 groups$/).waitFor();

  await page.getByLabel("Reward part").selectOption("format");
  await page.getByText(/^\d groups?$/).waitFor();
  await page.getByLabel("Reward part").selectOption("");
  await page.getByText(/^2 groups$/).waitFor();
  await page.getByLabel("Save this one as").fill("early few-shots");
  await page.getByLabel("Save this one as").press("Enter");
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>(".saved-filters input")?.value === "");
  const query = { ...EVERYTHING, put: "few-shot", steps: [3, 4] } as const;
  const filters = [{ name: "early few-shots", query: { ...query, steps: [3, 4] as [number, number] } }];
  await comesTrue(() => {
    const kept = harness.heard.find(({ kind }) => kind === "keepFilters");
    assert.deepEqual(kept, { kind: "keepFilters", filters });
  });
  harness.say({ kind: "filters", filters });
  await page.getByRole("button", { name: "Delete “early few-shots”" }).waitFor();
  await page.getByRole("button", { name: "Show all groups" }).click();
  await page.getByText(/^16 groups$/).waitFor();
  await page.getByLabel("Saved filters").selectOption("early few-shots");
  await page.getByText(/^2 groups$/).waitFor();

  await page.reload();
  await page.getByText(/^2 groups$/).waitFor();
  await comesTrue(async () => assert.equal(await page.getByLabel("Drawn", { exact: true }).inputValue(), "few-shot"));
});

test("rows are completions on demand, with columns of their own, and a head orders the list", { skip }, async () => {
  using run = makeRun();
  write(run);
  await using view = await openView(run);
  const { page } = view;
  await page.getByRole("button", { name: "More" }).click();
  await page.getByLabel("Rows are").selectOption("rollouts");
  await page.getByText(/^64 completions$/).waitFor();
  for (const name of ["tokens", "entropy", "reason"]) await page.getByRole("checkbox", { name }).click();
  await comesTrue(async () => {
    const heads = await page.getByRole("columnheader").allInnerTexts();
    assert.deepEqual(
      heads.map((text) => text.trim()),
      ["step", "sample", "tools", "outcomes", "reward", "advantage", "tokens", "entropy", "reason"],
    );
  });
  const first = page.locator(".row[aria-rowindex='2']");
  await comesTrue(async () => {
    const spoken = (await first.getAttribute("aria-label")) ?? "";
    assert.match(spoken, /^Sample row-\d+, completion 1, (correct|wrong|malformed|truncated)/);
    assert.notEqual(await first.locator(".reason").innerText(), "");
  });
  if (pictures) await page.screenshot({ path: path.join(pictures, "completions.png") });
  await page.locator(".row[aria-rowindex='4']").click();
  const chosen = page.locator(".card.chosen");
  await chosen.waitFor();
  await comesTrue(async () => assert.match((await chosen.getAttribute("aria-label")) ?? "", /^Completion 3/));
  await page.getByRole("columnheader", { name: "step" }).click();
  await page.waitForFunction(() =>
    document.querySelector(".row[aria-rowindex='2'] .step")?.textContent?.startsWith("1"),
  );
  const sorted = () => page.getByRole("columnheader", { name: "step" }).getAttribute("aria-sort");
  await comesTrue(async () => assert.equal(await sorted(), "ascending"));
  run.writer.recordStep(stepOf(9, 2, 4, 40));
  await page.getByText(/^72 completions$/).waitFor();
});

test("a bar of filters leaves room for the list, at double size too", { skip }, async () => {
  using run = makeRun();
  write(run);
  await using view = await openView(run, 650);
  const { page } = view;
  await page.getByRole("button", { name: "More" }).click();
  await page.setViewportSize({ width: 650, height: 400 });
  await comesTrue(async () => {
    const height = await page.getByRole("grid").evaluate((grid) => grid.clientHeight);
    assert.ok(height >= 72, `three rows are seen, not ${height} pixels`);
    const wide = await page.locator(".more-bar").evaluate((bar) => bar.scrollWidth > bar.clientWidth + 1);
    assert.equal(wide, false);
  });
  if (pictures) await page.screenshot({ path: path.join(pictures, "filters-650.png") });
});
