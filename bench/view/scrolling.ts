/** Scrolling through all rows, and what the page holds of them afterwards. */
import { type Browser, chromium } from "playwright-core";
import type { Bundles } from "../../test/view/harness.ts";
import { workOfLongTasks } from "./taskTimes.ts";
import { startHost } from "./viewHost.ts";
import { longTasksIn, openPage, type PageProcess, processOf } from "./viewPage.ts";

export interface Scrolling {
  rows: number;
  /** That came into sight. */
  seen: number;
  seconds: number;
  /** Milliseconds of each. */
  longTasks: number[];
  /** Processor time of each, milliseconds. */
  longTaskWork: number[];
  frames: number;
  /** Frames in which a row that is seen was not there yet. */
  blank: number;
  page: PageProcess;
  hostCpuMilliseconds: number;
}

/**
 * Scrolls from the newest row down, a screen every other frame; each quarter of the time goes on from another quarter of the
 * list, and the thumb is thrown back and forth at the end. In a browser of its own, whose memory is told.
 */
export async function measureScrolling(
  executablePath: string,
  folder: string,
  bundles: Bundles,
  seconds: number,
): Promise<Scrolling> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await using host = await startHost("rollouts", folder, bundles);
    const page = await openPage(browser, host.address);
    const before = await host.ask("figures");
    const { result, milliseconds } = await workOfLongTasks(browser, () =>
      page.evaluate(`(async () => {
      const grid = document.querySelector(".grid");
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let i = 0; i < 30; i++) await frame();
      longTasks.length = 0;
      let seen = 0, frames = 0, blank = 0;
      const look = async () => {
        await frame();
        frames++;
        const { top, bottom } = grid.getBoundingClientRect();
        const empty = [...grid.querySelectorAll(".row.empty")].some((row) => {
          const box = row.getBoundingClientRect();
          return box.bottom > top + 24 && box.top < bottom;
        });
        if (empty) blank++;
      };
      const started = performance.now();
      for (let quarter = 0; quarter < 4; quarter++) {
        grid.scrollTop = (quarter / 4) * grid.scrollHeight;
        const until = performance.now() + ${(seconds * 1000) / 4};
        while (performance.now() < until && grid.scrollTop + grid.clientHeight < grid.scrollHeight - 1) {
          grid.scrollTop += grid.clientHeight;
          seen += Math.floor(grid.clientHeight / 24);
          await look();
          await look();
        }
      }
      for (const part of [1, 0.2, 0.7, 0.4, 0]) {
        grid.scrollTop = part * grid.scrollHeight;
        for (let i = 0; i < 30; i++) await look();
      }
      const took = (performance.now() - started) / 1000;
      return { rows: Number(grid.getAttribute("aria-rowcount")) - 1, seen, seconds: took, frames, blank };
    })()`),
    );
    const scrolled = result as Omit<Scrolling, "page" | "longTasks" | "longTaskWork" | "hostCpuMilliseconds">;
    const after = await host.ask("figures");
    return {
      ...scrolled,
      longTasks: await longTasksIn(page),
      longTaskWork: milliseconds,
      page: await processOf(browser, page),
      hostCpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
    };
  } finally {
    await browser.close();
  }
}
