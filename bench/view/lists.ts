/** Opening the view, orders, filters and searches: from what a person does until the rows are painted. */
import type { Browser, Page } from "playwright-core";
import { EVERYTHING, type ListQuery } from "../../schemas/rolloutView.ts";
import type { Bundles } from "../../test/view/harness.ts";
import { median } from "../statistics.ts";
import { needles } from "./madeStore.ts";
import { startHost, type ViewHost } from "./viewHost.ts";
import { firstRowsAt, longTasksIn, openPage } from "./viewPage.ts";

export interface Timed {
  milliseconds: number[];
  /** Of the process that serves the view. */
  cpuMilliseconds: number[];
}

/** From the beginning of the navigation until the first rows stand in the page; host, worker and page are new each time. */
export async function measureOpening(
  browser: Browser,
  folder: string,
  bundles: Bundles,
  rounds: number,
): Promise<Timed> {
  const timed: Timed = { milliseconds: [], cpuMilliseconds: [] };
  while (timed.milliseconds.length < rounds) {
    await using host = await startHost("rollouts", folder, bundles);
    const before = await host.ask("figures");
    const page = await openPage(browser, host.address);
    timed.milliseconds.push(await firstRowsAt(page));
    timed.cpuMilliseconds.push((await host.ask("figures")).cpuMilliseconds - before.cpuMilliseconds);
    await page.close();
  }
  return timed;
}

/** Each order, each filter, and some of both. */
const queries: Record<string, Partial<ListQuery>> = {
  oldest: { sort: "oldest" },
  "lowest reward": { sort: "rewardUp" },
  "most correct": { sort: "correctDown" },
  "widest advantages": { sort: "spreadDown" },
  "by sample": { sort: "sample" },
  "mixed outcomes": { outcome: "mixed" },
  truncated: { outcome: "truncated" },
  "one tool": { tool: "set_alarm" },
  "one sample": { sample: "row-0007" },
  "steps 100 to 900": { steps: [100, 900] },
  "one tool, fewest correct first": { tool: "set_alarm", sort: "correctUp" },
  "a part of the reward": { part: { name: "result", side: "below", value: 0.5 } },
  "rows are completions": { rows: "rollouts" },
  "rows are completions that are wrong": { rows: "rollouts", outcome: "wrong" },
  "rows are completions with a part of the reward": {
    rows: "rollouts",
    part: { name: "result", side: "below", value: 0.5 },
  },
};

export interface Lists {
  /** By what was asked for. */
  queries: Record<string, Timed>;
  longTasks: number[];
}

/** The list is asked for as another view asks for it, so that no field's own delay is in the figures. */
export async function measureLists(browser: Browser, folder: string, bundles: Bundles, rounds: number): Promise<Lists> {
  await using host = await startHost("rollouts", folder, bundles);
  const page = await openPage(browser, host.address);
  await page.evaluate("longTasks.length = 0");
  const result: Lists = { queries: {}, longTasks: [] };
  let wishes = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [name, changes] of Object.entries(queries)) {
      result.queries[name] ??= { milliseconds: [], cpuMilliseconds: [] };
      const timed = result.queries[name];
      const before = await host.ask("figures");
      const go = { kind: "go", number: ++wishes, query: { ...EVERYTHING, ...changes } };
      const took = await page.evaluate(`(async () => {
        const from = told.length;
        const start = performance.now();
        postMessage(${JSON.stringify(go)}, "*");
        return (await painted(from, ({ method }) => method === "open")) - start;
      })()`);
      timed.milliseconds.push(Number(took));
      timed.cpuMilliseconds.push((await host.ask("figures")).cpuMilliseconds - before.cpuMilliseconds);
    }
  }
  result.longTasks = await longTasksIn(page);
  await page.close();
  return result;
}

export interface Search {
  text: string;
  /** Groups. */
  found: number;
  /** Milliseconds from the last letter until hits were painted, and until all was read; NaN where there was no hit. */
  firstHits: number[];
  complete: number[];
  cpuMilliseconds: number[];
  longTasks: number[];
}

/** As a person types: the rest that the field waits for is in the figures. */
export async function measureSearches(
  browser: Browser,
  folder: string,
  bundles: Bundles,
  rounds: number,
): Promise<Search[]> {
  const searches: Search[] = [];
  for (const text of Object.values(needles)) {
    const search: Search = { text, found: 0, firstHits: [], complete: [], cpuMilliseconds: [], longTasks: [] };
    searches.push(search);
    await using host = await startHost("rollouts", folder, bundles);
    const page = await openPage(browser, host.address);
    await page.evaluate("longTasks.length = 0");
    for (let round = 0; round < rounds; round++) await searchOnce(page, host, search);
    search.longTasks = await longTasksIn(page);
    await page.close();
  }
  return searches;
}

async function searchOnce(page: Page, host: ViewHost, search: Search): Promise<void> {
  const before = await host.ask("figures");
  const { first, complete, found } = (await page.evaluate(`(async () => {
    const field = document.querySelector(".toolbar vscode-text-field");
    const type = (text) => { field.value = text; field.dispatchEvent(new Event("input")); };
    const from = told.length;
    const start = performance.now();
    type(${JSON.stringify(search.text)});
    const complete = await painted(from, ({ search }) => search?.going === "ended");
    const hit = told.slice(from).find(({ kind, method, total }) => (method === "open" || kind === "delta") && total > 0);
    const found = told.slice(from).findLast(({ total }) => total !== undefined).total;
    const opened = told.length;
    type("");
    await painted(opened, ({ method }) => method === "open");
    return { first: (hit?.at ?? NaN) - start, complete: complete - start, found };
  })()`)) as { first: number | null; complete: number; found: number };
  search.found = found;
  search.firstHits.push(first ?? Number.NaN);
  search.complete.push(complete);
  search.cpuMilliseconds.push((await host.ask("figures")).cpuMilliseconds - before.cpuMilliseconds);
}

/** The slowest of the queries, by its median. */
export function slowest(queriesTimed: Lists["queries"]): { name: string; timed: Timed } {
  const [worst] = Object.entries(queriesTimed).sort(([, a], [, b]) => median(b.milliseconds) - median(a.milliseconds));
  if (!worst) throw new Error("Nothing was measured");
  return { name: worst[0], timed: worst[1] };
}
