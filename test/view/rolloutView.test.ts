/** The rollout view in a real browser, on a real store, through the real worker. */
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { Page } from "playwright-core";
import { makeEpisodes } from "../../extension/episodes/testing/madeEpisodes.ts";
import { trajectories } from "../../extension/episodes/testing/madeTrajectories.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { comesTrue, type OpenedPage, pictures, retry, skip, viewTests } from "./browserTests.ts";
import { bundleView, type RolloutHarness, startHarness } from "./harness.ts";
import type { Theme } from "./themes.ts";

const firstRow = ".row[aria-rowindex='2']";

const tests = viewTests(() => bundleView("rollouts"));

interface Opened extends OpenedPage {
  harness: RolloutHarness;
}

/** The view of a run. */
async function openView(run: MadeRun, { theme = "dark" as Theme, width = 1200, height = 700 } = {}): Promise<Opened> {
  const harness = await startHarness(run.folder, tests.bundles);
  const viewport = { width, height };
  return { harness, ...(await tests.open(harness.address(theme, "test"), harness, { viewport })) };
}

/** Samples of the rows that are seen, each once. */
const samplesOf = async (page: Page): Promise<string[]> => [
  ...new Set(await page.locator(".row .sample .mono").allInnerTexts()),
];

const activeStep = (page: Page) => page.locator("#active-row .step").innerText();

/** Waits until the view was given the list that stays where somebody reads. */
async function restsAtItsPlace({ harness }: Opened): Promise<void> {
  const isAtPlace = () => {
    const last = harness.sent.findLast((message) => message.kind === "reply" && message.method === "open");
    return last?.kind === "reply" && last.method === "open" && last.result.at !== null;
  };
  await comesTrue(() => assert.ok(isAtPlace(), "the list follows on"));
}

test("rows, keys and details", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 40; step++) run.writer.recordStep(stepOf(step, 4, 6, 40));
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  await comesTrue(async () => {
    assert.equal(await page.getByRole("grid").getAttribute("aria-rowcount"), "161");
    assert.match(await page.locator(firstRow).innerText(), /^40/);
  });
  assert.ok((await page.locator(".row").count()) < 80, "only what is seen is drawn");

  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("#active-row")?.getAttribute("aria-rowindex") === "3");
  await page.keyboard.press("End");
  await page.locator(".row[aria-rowindex='161']").waitFor();
  // The list is opened anew on the way down, so that the first row may have to come first.
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("#active-row")?.getAttribute("aria-rowindex") === "3");
  await comesTrue(async () => assert.equal(Number.parseInt(await activeStep(page), 10), 40));

  await page.keyboard.press("Enter");
  await page.locator(".card").first().waitFor();
  await comesTrue(async () => assert.equal(await page.locator(".card").count(), 6));
  await page.waitForFunction(() => document.activeElement?.matches(".detail"));
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.matches("[role=grid]"));

  await page.keyboard.press("/");
  await page.keyboard.type("row-0007");
  await page.waitForFunction(
    () =>
      /^\d+ groups?$/.test(document.querySelector(".count")?.textContent ?? "") &&
      !document.querySelector(".count")?.textContent?.startsWith("160"),
  );
  await comesTrue(async () => assert.deepEqual(await samplesOf(page), ["row-0007"]));
});

test("what is new shows at the top, and waits while somebody reads further down", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 30; step++) run.writer.recordStep(stepOf(step, 4, 6, 40));
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  run.writer.recordStep(stepOf(31, 4, 6, 40));
  await page.waitForFunction(() =>
    document.querySelector(".row[aria-rowindex='2'] .step")?.textContent?.startsWith("31"),
  );

  await page.getByRole("grid").evaluate((grid) => {
    grid.scrollTop = 1200;
  });
  const seen = await page.locator(".row[aria-rowindex='60']:not(.empty)").innerText();
  // Until then the list still follows, and has what is written at its top.
  await restsAtItsPlace(view);
  run.writer.recordStep(stepOf(32, 4, 6, 40));
  await page.locator(".pill").waitFor();
  await comesTrue(async () => assert.match(await page.locator(".pill").innerText(), /4 new groups/));
  assert.equal(await page.locator(".row[aria-rowindex='60']").innerText(), seen, "nothing jumps");
  await page.locator(".pill").click();
  await page.waitForFunction(() =>
    document.querySelector(".row[aria-rowindex='2'] .step")?.textContent?.startsWith("32"),
  );
});

test("a search tells its hits and how far it is, and can be stopped and gone on with", { skip }, async () => {
  using run = makeRun();
  const thought = "I think so. ".repeat(20_000);
  for (let step = 1; step <= 150; step++) {
    const made = stepOf(step, 4, 2, 40);
    const rollouts = made.rollouts.map((record) => ({
      ...record,
      completion: `${thought}${record.group === 0 ? "needle" : ""}${record.completion}`,
    }));
    run.writer.recordStep({ ...made, rollouts });
  }
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  // The first moment in which there is something to stop, as a text of 280 MB is read in a second.
  await page.evaluate(() => {
    new MutationObserver((_, observer) => {
      const stop = document.querySelector<HTMLElement>("vscode-button[aria-label='Stop the search']");
      if (!stop) return;
      observer.disconnect();
      stop.click();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await page.keyboard.press("/");
  await page.keyboard.type("needle");
  await page.getByText(/stopped at \d+ %/).waitFor();
  assert.match(
    (await page.getByRole("progressbar", { name: "searched" }).getAttribute("aria-valuenow")) ?? "",
    /^\d+$/,
  );
  if (pictures) await page.screenshot({ path: path.join(pictures, "search-stopped.png") });
  const before = Number.parseInt(await page.locator(".count").innerText(), 10);
  assert.ok(before < 150, `${before} groups were found before it was stopped`);
  await page.getByRole("button", { name: "Go on with the search" }).click();
  await page.getByText(/^150 groups$/).waitFor();
  await page.locator(".searching").waitFor({ state: "detached" });
});

test("a list of any length is scrolled to its end, and little of it is kept", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 60; step++) run.writer.recordStep(stepOf(step, 100, 1, 40));
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  await page.locator(firstRow).click();
  await page.locator(".card").first().waitFor();
  const shown = await page.locator(".detail h2").innerText();
  const asked = () =>
    view.harness.sent.filter((message) => message.kind === "reply" && message.method === "group").length;
  const before = asked();
  const grid = page.getByRole("grid");
  for (const part of [0.5, 1]) {
    await grid.evaluate((element, to) => {
      element.scrollTop = to * element.scrollHeight;
    }, part);
    await page.waitForFunction(() => !document.querySelector(".row.empty"));
  }
  await page.locator(".row[aria-rowindex='6001']").waitFor();
  assert.equal(await page.locator(".detail h2").innerText(), shown);
  assert.equal(asked(), before, "a row that is forgotten is no reason to read its group again");
});

test("who scrolls while the list is opened anew is not brought back to where it stood", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 60; step++) run.writer.recordStep(stepOf(step, 4, 6, 40));
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  // The answers to openings are kept back, and given all at once.
  await page.evaluate(() => {
    const held: unknown[] = [];
    const { postMessage } = globalThis;
    const release = (): void => {
      Object.assign(globalThis, { postMessage });
      for (const data of held) dispatchEvent(new MessageEvent("message", { data }));
    };
    const hold = (message: { method?: string }, origin: string): void => {
      if (message.method === "open") held.push(message);
      else postMessage(message, origin);
    };
    Object.assign(globalThis, { held, release, postMessage: hold });
  });
  const grid = page.getByRole("grid");
  await grid.evaluate((element) => {
    element.scrollTop = 2400;
  });
  await page.waitForFunction(() => Reflect.get(globalThis, "held").length > 0);
  // In one turn: nothing has told the view of the scrolling when the answer comes.
  await grid.evaluate((element) => {
    element.scrollTop = 0;
    Reflect.get(globalThis, "release")();
  });
  run.writer.recordStep(stepOf(61, 4, 6, 40));
  await page.waitForFunction(() =>
    document.querySelector(".row[aria-rowindex='2'] .step")?.textContent?.startsWith("61"),
  );
  assert.equal(await grid.evaluate((element) => element.scrollTop), 0);
});

test("hostile text of a megabyte is shown as text, in parts", { skip }, async () => {
  using run = makeRun();
  const [first, ...others] = groupAt(1, 0, 4, 40);
  assert.ok(first);
  const hostile = `<img src=x onerror="failures.push('run')"><script>failures.push('run')</script>\u001b[2J\u202e\0${"x".repeat(1_000_000)}`;
  const rollouts = [
    { ...first, sample: "<b>row</b>\u001b", completion: hostile, reason: hostile.slice(0, 300), correct: false },
    ...others,
  ];
  run.writer.recordStep({ ...stepOf(1, 1, 4, 40), rollouts });
  await using view = await openView(run);
  const { page } = view;
  await page.locator(firstRow).click();
  await page.locator(".card details").first().waitFor();
  await page
    .locator(".card details")
    .first()
    .evaluate((details) => details.setAttribute("open", ""));
  const text = page.locator(".card .long-text .text").first();
  await text.waitFor();
  assert.match(await text.innerText(), /^<img src=x .*<\/script>␛\[2J‹202e›␀x+\n?…$/s);
  assert.equal(await page.locator(".card img, .card script").count(), 0);
  await page.getByText("Show more").first().click();
  await page.waitForFunction(
    () => (document.querySelector(".card .long-text .text")?.textContent ?? "").length > 40_000,
  );
});

test("a reload comes back to the same place, the same filter and the same group", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 60; step++) run.writer.recordStep(stepOf(step, 4, 6, 40));
  await using view = await openView(run);
  const { page } = view;
  await page.waitForSelector(firstRow);
  await page.getByRole("grid").evaluate((grid) => {
    grid.scrollTop = 2400;
  });
  const row = page.locator(".row[aria-rowindex='112']:not(.empty)");
  await row.click();
  await page.locator(".card").first().waitFor();
  const shown = await page.locator(".detail h2").innerText();
  const text = await row.locator(".sample").innerText();
  run.writer.recordStep(stepOf(61, 4, 6, 40));
  await page.reload();
  await page.locator(".card").first().waitFor();
  await comesTrue(async () => assert.equal(await page.locator(".detail h2").innerText(), shown));
  // Four groups came in above, and the same ones are seen.
  await comesTrue(async () => assert.equal(await page.locator(".row[aria-rowindex='116'] .sample").innerText(), text));
});

test("no rollouts yet, a folder that is gone, and its return", { skip }, async () => {
  using run = makeRun();
  await using view = await openView(run, { width: 300 });
  const { page } = view;
  await page.getByText("Training has not produced rollouts yet").waitFor();
  run.writer.recordStep(stepOf(1, 2, 4, 40));
  await page.waitForSelector(firstRow);
  run.close();
  renameSync(run.folder, `${run.folder}-away`);
  await page.getByRole("alert").getByText("no longer there").waitFor();
  renameSync(`${run.folder}-away`, run.folder);
  await retry(page);
  await page.waitForSelector(firstRow);
});

test("what is asked for elsewhere is shown, once, and its newest group is open", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 40; step++) run.writer.recordStep(stepOf(step, 4, 6, 40));
  await using view = await openView(run);
  const { page, harness } = view;
  await page.waitForSelector(firstRow);
  await comesTrue(() => assert.ok(harness.heard.some(({ kind }) => kind === "here")));
  const go = { kind: "go", number: 1, query: { ...EVERYTHING, sample: "row-0007" } } as const;
  harness.say(go);
  await page.locator(".card").first().waitFor();
  await comesTrue(async () => {
    assert.match(await page.locator(firstRow).innerText(), /row-0007/);
    assert.match(await page.locator(".detail h2").innerText(), /row-0007/);
    assert.deepEqual(await samplesOf(page), ["row-0007"]);
    assert.ok(harness.heard.some(({ kind }) => kind === "went"));
  });

  await page.getByRole("button", { name: "sample row-0007" }).click();
  await page.getByText("160 groups").waitFor();
  harness.say(go);
  harness.say({ ...go, number: 2, query: { ...EVERYTHING, steps: [12, 12] } });
  await page.getByText(/^4 groups$/).waitFor();
  await page.getByRole("button", { name: "step 12" }).waitFor();
});

test("a correct completion is promoted by its place, and a wrong one by nobody", { skip }, async () => {
  using run = makeRun();
  run.writer.recordStep(stepOf(1, 2, 6, 40));
  await using view = await openView(run);
  const { page, harness } = view;
  await page.locator(firstRow).click();
  await page.locator(".card").first().waitFor();
  const correct = page.locator(".card.outcome-c");
  const promote = page.getByText("Promote to demonstration");
  await comesTrue(async () => {
    assert.ok((await correct.count()) > 0, "some are correct");
    assert.equal(await promote.count(), await correct.count());
  });
  await promote.first().click();
  const number = Number((await correct.first().locator("header .number").innerText()).slice(1));
  await comesTrue(() => {
    const wished = harness.heard.find(({ kind }) => kind === "promoteRollout");
    const group = Number(Reflect.get(wished ?? {}, "group"));
    assert.deepEqual(wished, { kind: "promoteRollout", step: 1, phase: "train", group, rollout: number - 1 });
  });
});

test("every theme and width keeps its rows inside, and its pictures can be kept", { skip }, async () => {
  using run = makeRun();
  for (let step = 1; step <= 12; step++) run.writer.recordStep(stepOf(step, 4, 8, 40));
  run.close();
  for (const [theme, width] of [
    ["dark", 300],
    ["light", 700],
    ["contrast", 1600],
  ] as const) {
    await using view = await openView(run, { theme, width, height: 800 });
    const { page } = view;
    await page.locator(firstRow).click();
    await page.locator(".card").first().waitFor();
    const wide = await page.evaluate(() =>
      [document.body, ...document.querySelectorAll(".grid, .detail, .toolbar, .run")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.className || element.tagName)
        .concat(
          [...document.querySelectorAll(".row[aria-rowindex='2'] > span")]
            .filter((cell) => cell.getBoundingClientRect().right > innerWidth)
            .map((cell) => `cell ${cell.className}`),
        ),
    );
    assert.deepEqual(wide, [], `${theme} at ${width} pixels scrolls sideways`);
    if (pictures) {
      await page.screenshot({ path: path.join(pictures, `${theme}-${width}.png`) });
    }
  }
});

test("a run of episodes has none, and leads to where its episodes are", { skip }, async () => {
  using run = makeEpisodes({ lines: trajectories(2) });
  await using view = await openView(run);
  const { page, harness } = view;
  await page.getByRole("heading", { name: "This run has episodes, and no rollouts" }).waitFor();
  await page.getByRole("button", { name: "Show Episodes" }).click();
  await comesTrue(() => assert.ok(harness.heard.some(({ kind }) => kind === "showEpisodes")));
});
