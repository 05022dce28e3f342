/** The page of the curves of a run, as tests open it. */
import type { Locator, Page } from "playwright-core";
import type { MadeRun } from "../../extension/rollouts/testing/madeRun.ts";
import type { OpenedPage, ViewTests } from "./browserTests.ts";
import { type CurvesHarness, startCurves } from "./harness.ts";
import type { Theme } from "./themes.ts";

export interface OpenedCurves extends OpenedPage {
  harness: CurvesHarness;
}

export async function openCurves(
  tests: ViewTests,
  run: MadeRun,
  { theme = "dark" as Theme, width = 1200, height = 800 } = {},
): Promise<OpenedCurves> {
  const harness = await startCurves(run.folder, tests.bundles);
  const options = { viewport: { width, height }, reducedMotion: "reduce" } as const;
  return { harness, ...(await tests.open(harness.address(theme, "quickstart"), harness, options)) };
}

/** A chart by its title, whole. */
export const chart = (page: Page, title: string): Locator => page.getByRole("region", { name: title, exact: true });

/** What is drawn in it. */
export const plot = (page: Page, title: string): Locator => chart(page, title).getByRole("slider");

/** Elements of the page that are wider than their place. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [document.body, ...document.querySelectorAll(".content, .toolbar, .run, .chart")]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.className || element.tagName),
  );
