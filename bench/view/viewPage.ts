/** A page with the view, and what is watched in it from its first moment. What runs in the page is text, since its globals are not ours. */
import { existsSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

const FIRST_ROW = ".row[aria-rowindex='2']";

/** `longTasks`: milliseconds of every task over 50. `told`: messages of the host, each with when it came and when it was painted. */
const watch = (first: string): string => `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  const look = () => {
    if (document.querySelector(${JSON.stringify(first)})) globalThis.firstAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  globalThis.told = [];
  addEventListener("message", ({ data }) => {
    const { kind, method } = data;
    const one = { kind, method, total: data.total ?? data.result?.total, search: data.search ?? data.result?.search, more: data.result?.more };
    // A timer set in a frame runs when the frame was painted.
    requestAnimationFrame(() => setTimeout(() => told.push({ ...one, at: performance.now() })));
  });
  globalThis.painted = async (from, wanted) => {
    for (const deadline = performance.now() + 60000; performance.now() < deadline; ) {
      const found = told.slice(from).find(wanted);
      if (found) return found.at;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error("The view was not told in time");
  };
`;

/** @param first what the page shows when it shows something */
export async function openPage(browser: Browser, address: string, first = FIRST_ROW): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.addInitScript(watch(first));
  await page.goto(address);
  await page.waitForSelector(first);
  return page;
}

export const firstRowsAt = async (page: Page): Promise<number> => Number(await page.evaluate("firstAt"));
export const longTasksIn = async (page: Page): Promise<number[]> => (await page.evaluate("[...longTasks]")) as number[];

export interface PageProcess {
  /** Of the page's process since it was started. */
  cpuMilliseconds: number;
  /** What the page's process alone holds in memory; undefined where the system does not tell. */
  memoryMB: number | undefined;
  /** Of it what JavaScript holds, after it was cleaned up. */
  heapMB: number;
}

/** Of a browser with one page, so that the page's process is known. */
export async function processOf(browser: Browser, page: Page): Promise<PageProcess> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send("SystemInfo.getProcessInfo")) as unknown as {
    processInfo: { type: string; id: number; cpuTime: number }[];
  };
  await session.detach();
  // The spare one that the browser keeps ready has done next to nothing.
  const [renderer] = processInfo.filter(({ type }) => type === "renderer").sort((a, b) => b.cpuTime - a.cpuTime);
  const inPage = await page.context().newCDPSession(page);
  await inPage.send("HeapProfiler.collectGarbage");
  const { usedSize } = await inPage.send("Runtime.getHeapUsage");
  await inPage.detach();
  return {
    cpuMilliseconds: (renderer?.cpuTime ?? 0) * 1000,
    memoryMB: renderer && privateMemory(renderer.id),
    heapMB: usedSize / 1e6,
  };
}

/** Pages of memory that belong to no file: what the process adds to a browser that runs anyway. */
function privateMemory(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const kilobytes = /^RssAnon:\s+(\d+)/m.exec(readFileSync(file, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1000;
}
