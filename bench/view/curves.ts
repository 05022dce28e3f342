/** Curves of a long run: from the navigation until all of its steps are drawn. */
import type { Browser } from "playwright-core";
import type { Bundles } from "../../test/view/harness.ts";
import type { Timed } from "./lists.ts";
import { startHost } from "./viewHost.ts";
import { openPage } from "./viewPage.ts";

/** What only a chart with data has. */
const CHART = ".u-over";

export async function measureCurves(
  browser: Browser,
  folder: string,
  bundles: Bundles,
  rounds: number,
): Promise<Timed> {
  const timed: Timed = { milliseconds: [], cpuMilliseconds: [] };
  while (timed.milliseconds.length < rounds) {
    await using host = await startHost("curves", folder, bundles);
    const before = await host.ask("figures");
    const page = await openPage(browser, host.address, CHART);
    timed.milliseconds.push(Number(await page.evaluate("painted(0, ({ more }) => more === false)")));
    timed.cpuMilliseconds.push((await host.ask("figures")).cpuMilliseconds - before.cpuMilliseconds);
    await page.close();
  }
  return timed;
}
