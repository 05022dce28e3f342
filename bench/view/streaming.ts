/** A run that stores rollouts while the view looks at the newest of them, and while nobody looks. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { GroupReader } from "../../server/store/groupReader.ts";
import type { Bundles } from "../../test/view/harness.ts";
import { startHost } from "./viewHost.ts";
import { longTasksIn, openPage, type PageProcess, processOf } from "./viewPage.ts";

export interface Stream {
  firstStep: number;
  groups: number;
  groupSize: number;
  steps: number;
  /** Between two steps. */
  milliseconds: number;
}

interface Written {
  seconds: number;
  /** When each step was on the disk, in milliseconds of the clock on the wall. */
  committed: number[];
  cpuMilliseconds: number;
}

export interface Streaming {
  rollouts: number;
  seconds: number;
  /** Of each step: milliseconds from its commit until one of its rows, or a newer one, was painted on top. */
  lags: number[];
  longTasks: number[];
  hostCpuMilliseconds: number;
  writerCpuMilliseconds: number;
  page: PageProcess;
  messages: number;
  /** Times the list was opened anew. */
  openings: number;
  /** Groups that were streamed. */
  groups: number;
  /** Of these: not the same in the view and in the store; and never come to be shown while they were read. */
  differences: number;
  unread: number;
}

async function write(folder: string, { firstStep, groups, groupSize, steps, milliseconds }: Stream): Promise<Written> {
  const worker = join(import.meta.dirname, "..", "workers", "streamRollouts.ts");
  const numbers = [firstStep, groups, groupSize, steps, milliseconds].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [worker, folder, ...numbers], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Written;
}

/** Newest steps first: when each first stood on top, as the clock on the wall has it. Looked at in every frame. */
const watchTop = `
  globalThis.tops = [];
  const look = () => {
    const step = parseInt(document.querySelector(".row[aria-rowindex='2'] .step")?.textContent);
    if (step > (tops.at(-1)?.step ?? 0)) setTimeout(() => tops.push({ step, at: performance.timeOrigin + performance.now() }));
    requestAnimationFrame(look);
  };
  look();
`;

export async function measureStreaming(
  executablePath: string,
  folder: string,
  bundles: Bundles,
  stream: Stream,
): Promise<Streaming> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await using host = await startHost("rollouts", folder, bundles);
    const page = await openPage(browser, host.address);
    const pageBefore = await processOf(browser, page);
    await page.evaluate(`${watchTop}; longTasks.length = 0`);
    const before = await host.ask("figures");
    const written = await write(folder, stream);
    const after = await host.ask("figures");
    const total = countGroups(folder);
    await page.waitForSelector(`.grid[aria-rowcount="${total + 1}"]`);
    const longTasks = await longTasksIn(page);
    const tops = (await page.evaluate("tops")) as { step: number; at: number }[];
    const pageAfter = await processOf(browser, page);
    const stored = storedRows(folder, stream.firstStep);
    const shown = await shownRows(page, stored.length);
    return {
      rollouts: stream.groups * stream.groupSize * stream.steps,
      seconds: written.seconds,
      lags: written.committed.map((at, index) => lagOf(stream.firstStep + index, at, tops)),
      longTasks,
      hostCpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
      writerCpuMilliseconds: written.cpuMilliseconds,
      page: { ...pageAfter, cpuMilliseconds: pageAfter.cpuMilliseconds - pageBefore.cpuMilliseconds },
      messages: after.messages - before.messages,
      openings: after.openings - before.openings,
      groups: stored.length,
      differences: stored.filter((row, index) => (shown[index] ?? row) !== row).length,
      unread: stored.filter((_, index) => (shown[index] ?? null) === null).length,
    };
  } finally {
    await browser.close();
  }
}

/** Infinite where it never came. */
const lagOf = (step: number, committed: number, tops: readonly { step: number; at: number }[]): number =>
  Math.max(0, (tops.find((top) => top.step >= step)?.at ?? Number.POSITIVE_INFINITY) - committed);

/** Milliseconds of processor time that the serving side took while rollouts were stored and nobody saw the view. */
export async function measureHidden(
  executablePath: string,
  folder: string,
  bundles: Bundles,
  stream: Stream,
): Promise<{ seconds: number; hostCpuMilliseconds: number; messages: number }> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await using host = await startHost("rollouts", folder, bundles);
    await openPage(browser, host.address);
    const before = await host.ask("hide");
    const { seconds } = await write(folder, stream);
    const after = await host.ask("figures");
    return {
      seconds,
      hostCpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
      messages: after.messages - before.messages,
    };
  } finally {
    await browser.close();
  }
}

function countGroups(folder: string): number {
  using reader = new GroupReader(folder);
  return reader.since(0).length;
}

/** Newest first, each row as its step, sample and outcomes. */
function storedRows(folder: string, firstStep: number): string[] {
  using reader = new GroupReader(folder);
  return reader
    .since(0)
    .filter(({ step }) => step >= firstStep)
    .sort((a, b) => b.step - a.step || b.group - a.group)
    .map(({ step, sample, marks }) => `${step} ${sample} ${marks.split("c").length - 1} of ${marks.length}`);
}

/** The first rows of the view, read where they are drawn: the view is scrolled down as far as that. */
async function shownRows(page: Page, count: number): Promise<(string | null)[]> {
  return (await page.evaluate(`(async () => {
    const grid = document.querySelector(".grid");
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = [];
    let read = 0;
    const deadline = performance.now() + 240000;
    for (let top = 0; read < ${count} && performance.now() < deadline; top += grid.clientHeight * 0.8) {
      if (top > ${count} * 24 + grid.clientHeight) top = 0;
      grid.scrollTop = top;
      await frame();
      for (let tries = 0; tries < 200 && grid.querySelector(".row.empty"); tries++) await frame();
      for (const row of grid.querySelectorAll(".row[aria-rowindex]:not(.head)")) {
        const text = (name) => row.querySelector(name).textContent;
        const outcome = row.querySelector(".outcomes").title.match(/^\\d+ of \\d+/)[0];
        const index = row.getAttribute("aria-rowindex") - 2;
        if (index >= ${count}) continue;
        if (rows[index] === undefined) read++;
        rows[index] = parseInt(text(".step")) + " " + text(".sample .mono") + " " + outcome;
      }
    }
    return Array.from(rows, (row) => row ?? null);
  })()`)) as (string | null)[];
}
