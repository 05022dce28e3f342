/** What is measured of the rollout view. What runs in the page is text, since its globals are not ours. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { GroupReader } from "../server/store/groupReader.ts";
import { type Bundles, type RolloutHarness, startHarness } from "../test/view/harness.ts";

const firstRow = ".row[aria-rowindex='2']";

/** In the page from its first moment: when the first row was painted, and every task over 50 ms. */
const probes = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  const look = () => {
    if (document.querySelector("${firstRow}")) globalThis.firstRowAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

async function opened(browser: Browser, harness: RolloutHarness): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.addInitScript(probes);
  await page.goto(harness.address());
  await page.waitForSelector(firstRow);
  return page;
}

/** Milliseconds from the beginning of the navigation until the first rows stand in the page. */
export async function measureOpening(browser: Browser, folder: string, bundles: Bundles): Promise<number> {
  await using harness = await startHarness(folder, bundles);
  const page = await opened(browser, harness);
  const at = Number(await page.evaluate("firstRowAt"));
  await page.close();
  return at;
}

export interface Scrolling {
  rows: number;
  seconds: number;
  /** Milliseconds of each. */
  longTasks: number[];
}

/** Scrolls from the newest to the oldest row, a screen every other frame, and back in three jumps. */
export async function measureScrolling(browser: Browser, folder: string, bundles: Bundles): Promise<Scrolling> {
  await using harness = await startHarness(folder, bundles);
  const page = await opened(browser, harness);
  const result = (await page.evaluate(`(async () => {
    const grid = document.querySelector(".grid");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let i = 0; i < 30; i++) await frame();
    longTasks.length = 0;
    const started = performance.now();
    while (grid.scrollTop + grid.clientHeight < grid.scrollHeight - 1) {
      grid.scrollTop += grid.clientHeight;
      await frame();
      await frame();
    }
    for (const part of [0.5, 0.25, 0]) {
      grid.scrollTop = part * grid.scrollHeight;
      for (let i = 0; i < 30; i++) await frame();
    }
    const seconds = (performance.now() - started) / 1000;
    return { rows: Number(grid.getAttribute("aria-rowcount")) - 1, seconds, longTasks: [...longTasks] };
  })()`)) as Scrolling;
  await page.close();
  return result;
}

export interface Stream {
  firstStep: number;
  groups: number;
  groupSize: number;
  steps: number;
  /** Between two steps. */
  milliseconds: number;
}

export interface Streaming {
  rollouts: number;
  seconds: number;
  lastRowAfter: number;
  longTasks: number[];
  /** Deltas that carried rows, and times the list was opened anew. */
  deltas: number;
  openings: number;
  /** Rows that are not the same in the view and in the store. */
  differences: number;
  /** Rows that the view did not come to show while they were read: the machine was too slow, or they are missing. */
  unread: number;
}

/** Another process stores rollouts while the view looks at the newest; then every row of the view is compared. */
export async function measureStreaming(
  browser: Browser,
  folder: string,
  bundles: Bundles,
  stream: Stream,
): Promise<Streaming> {
  await using harness = await startHarness(folder, bundles);
  const page = await opened(browser, harness);
  await page.evaluate("longTasks.length = 0");
  const before = harness.sent.length;
  const { firstStep, groups, groupSize, steps, milliseconds } = stream;
  const worker = join(import.meta.dirname, "workers", "streamRollouts.ts");
  const numbers = [firstStep, groups, groupSize, steps, milliseconds].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [worker, folder, ...numbers]);
  const ended = performance.now();
  const { seconds } = JSON.parse(stdout) as { seconds: number };
  const stored = storedRows(folder);
  await page.waitForSelector(`.grid[aria-rowcount="${stored.length + 1}"]`);
  const lastRowAfter = performance.now() - ended;
  const longTasks = (await page.evaluate("[...longTasks]")) as number[];
  const told = harness.sent.slice(before);
  const shown = await shownRows(page, stored.length);
  await page.close();
  return {
    rollouts: groups * groupSize * steps,
    seconds,
    lastRowAfter,
    longTasks,
    deltas: told.filter(({ kind }) => kind === "delta").length,
    openings: told.filter((message) => message.kind === "reply" && message.method === "open").length,
    differences:
      stored.filter((row, index) => (shown[index] ?? row) !== row).length + Math.max(0, shown.length - stored.length),
    unread: stored.filter((_, index) => (shown[index] ?? null) === null).length,
  };
}

/** Newest first, each row as its step, sample and outcomes. */
function storedRows(folder: string): string[] {
  using reader = new GroupReader(folder);
  return reader
    .since(0)
    .sort((a, b) => b.step - a.step || b.group - a.group)
    .map(({ step, sample, marks }) => `${step} ${sample} ${marks.split("c").length - 1} of ${marks.length}`);
}

/** Every row of the view, read where it is drawn: the view is scrolled from its beginning to its end. */
async function shownRows(page: Page, count: number): Promise<(string | null)[]> {
  await page.setViewportSize({ width: 1400, height: 5000 });
  const rows = (await page.evaluate(`(async () => {
    const grid = document.querySelector(".grid");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = [];
    const deadline = performance.now() + 240000;
    for (let top = 0; rows.filter(Boolean).length < ${count} && performance.now() < deadline; top += grid.clientHeight / 2) {
      if (top > grid.scrollHeight) top = 0;
      grid.scrollTop = top;
      await frame();
      for (let tries = 0; tries < 200 && grid.querySelector(".row.empty"); tries++) await frame();
      for (const row of grid.querySelectorAll(".row[aria-rowindex]:not(.head)")) {
        const text = (name) => row.querySelector(name).textContent;
        const outcome = row.querySelector(".outcomes").title.match(/^\\d+ of \\d+/)[0];
        rows[row.getAttribute("aria-rowindex") - 2] = parseInt(text(".step")) + " " + text(".sample .mono") + " " + outcome;
      }
    }
    return rows;
  })()`)) as (string | null)[];
  return rows;
}
