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

/** Faults that bar somebody from a view, each with the elements that have it. */
async function faultsOn(page: Page): Promise<string[]> {
  // A page's policy lets no foreign script in, but what a driver evaluates is no script of the page.
  await page.evaluate(source);
  const results = await page.evaluate(async () => {
    const { run } = Reflect.get(globalThis, "axe") as { run(options: RunOptions): Promise<AxeResults> };
    return run({ resultTypes: ["violations"] });
  });
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
    for (const theme of Object.keys(themes) as Theme[]) {
      await wear(opened.page, theme);
      if (pictures) {
        const file = `scene-${name.replaceAll(/\W+/g, "-")}-${theme}.png`;
        await opened.page.screenshot({ path: path.join(pictures, file) });
      }
      faults.push(...(await faultsOn(opened.page)).map((fault) => `${theme}: ${fault}`));
    }
    assert.deepEqual(faults, []);
  });
}

test("a fault is found where there is one", { skip }, async () => {
  const [scene] = SCENES;
  assert.ok(scene);
  const view = await scene.serve(tests.bundles, fixtures);
  await using opened = await tests.open(view.address("dark", "quickstart"), view, {});
  await scene.reach(opened.page);
  await opened.page.evaluate(() => document.body.append(document.createElement("button")));
  assert.match((await faultsOn(opened.page)).join(), /button-name \(critical\)/);
});
