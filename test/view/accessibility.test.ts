/** No view has a serious fault that axe-core finds, in any state, in any theme. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test, { after, before } from "node:test";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { pictures, skip, viewTests } from "./browserTests.ts";
import { type Fixtures, makeFixtures } from "./sceneFixtures.ts";
import { bundleAll, SCENES } from "./scenes.ts";
import { type Theme, themes, wear } from "./themes.ts";

const tests = viewTests(bundleAll);
let fixtures: Fixtures;
before(() => {
  if (!skip) fixtures = makeFixtures();
});
after(() => fixtures?.[Symbol.dispose]());

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules whose answer hangs on colours: a theme changes nothing but these. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Axe, ready on a page; a view keeps it until it is loaded anew. A page's policy lets no foreign script in, but what a driver evaluates is no script of the page. */
const bringAxe = (page: Page): Promise<void> => page.evaluate(source);

/**
 * Faults that bar somebody from a view, each with the elements that have it.
 *
 * @param rules all of axe's where none are named
 */
async function faultsOn(page: Page, rules?: string[]): Promise<string[]> {
  const results = await page.evaluate(async (rules) => {
    const { run } = Reflect.get(globalThis, "axe") as { run(options: RunOptions): Promise<AxeResults> };
    return run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  }, rules);
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${id} (${impact}): ${target.join(" ")}: ${failureSummary}`),
    );
}

for (const { name, serve, reach } of SCENES) {
  test(`${name}: nothing that axe-core calls serious, in any theme`, { skip }, async () => {
    const faults: string[] = [];
    const view = await serve(tests.bundles, fixtures);
    const options = { viewport: { width: 1200, height: 900 }, reducedMotion: "reduce" } as const;
    await using opened = await tests.open(view.address("dark", "quickstart"), view, options);
    await reach(opened.page);
    await bringAxe(opened.page);
    for (const [index, theme] of (Object.keys(themes) as Theme[]).entries()) {
      await wear(opened.page, theme);
      if (pictures) {
        const file = `scene-${name.replaceAll(/\W+/g, "-")}-${theme}.png`;
        await opened.page.screenshot({ path: path.join(pictures, file) });
      }
      const found = await faultsOn(opened.page, index === 0 ? undefined : OF_COLOURS);
      faults.push(...found.map((fault) => `${theme}: ${fault}`));
    }
    assert.deepEqual(faults, []);
  });
}

test("a fault is found where there is one, and one of colours in every theme", { skip }, async () => {
  const [scene] = SCENES;
  assert.ok(scene);
  const view = await scene.serve(tests.bundles, fixtures);
  await using opened = await tests.open(view.address("dark", "quickstart"), view, {});
  const { page } = opened;
  await scene.reach(page);
  await bringAxe(page);
  await page.evaluate(() => {
    const faint = document.createElement("p");
    faint.textContent = "hardly to be read";
    // In sight: of what is covered or out of the window axe does not tell.
    faint.style.cssText = "position: fixed; inset: 0 auto auto 0; z-index: 9; color: #777; background: #888";
    document.body.append(document.createElement("button"), faint);
  });
  assert.match((await faultsOn(page)).join(), /button-name \(critical\)/);
  for (const theme of Object.keys(themes) as Theme[]) {
    await wear(page, theme);
    const faults = (await faultsOn(page, OF_COLOURS)).join();
    assert.match(faults, /color-contrast \(serious\)/, theme);
    assert.doesNotMatch(faults, /button-name/);
  }
});
