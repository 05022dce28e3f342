/**
 * `npm run bench:view`: the rollout view and the curves in a browser, their pages, scripts, workers and stores the real ones; and the
 * packaged extension (`npm run package`) in a real editor.
 *
 *     node bench/view.ts [--rollouts N] [--rounds N] [--scroll SECONDS] [--stream SECONDS] [--steps N] [--out DIR] [--without-editor]
 */
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { makeRun } from "../extension/rollouts/testing/madeRun.ts";
import { findBrowser } from "../scripts/editor/browser.ts";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { targetHere } from "../scripts/packaging/targets.ts";
import { packageFile } from "../scripts/packaging/vsix.ts";
import { STORE_FILE } from "../server/store/database.ts";
import { root } from "../test/sources.ts";
import { bundleView } from "../test/view/harness.ts";
import { measureActivation } from "./activation.ts";
import { measureCurves } from "./view/curves.ts";
import { measureLists, measureOpening, measureSearches } from "./view/lists.ts";
import { makeLongRun } from "./view/longRun.ts";
import { copyMadeStore } from "./view/madeStore.ts";
import { measureScrolling } from "./view/scrolling.ts";
import { measureHidden, measureStreaming } from "./view/streaming.ts";
import { renderViews, type ViewResult } from "./view/table.ts";

const { values } = parseArgs({
  options: {
    rollouts: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    scroll: { type: "string", default: "40" },
    stream: { type: "string", default: "60" },
    steps: { type: "string", default: "5000" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
    "without-editor": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const groupSize = 8;
const groups = 100;
const rows = 400;
/** 25 groups of 8 every 40 ms are 5,000 rollouts a second. */
const stream = { groups: 25, groupSize, milliseconds: 40 };

const executablePath = findBrowser({ whole: true });
if (executablePath === undefined) throw new Error("This needs a browser with windows: apt-get install -y chromium");
const target = targetHere();
const extension = target && packageFile(target);
const editor = !values["without-editor"];
if (editor && (extension === undefined || !existsSync(extension)))
  throw new Error("This needs the package: npm run package; or --without-editor");
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

const steps = Math.ceil(Number(values.rollouts) / (groups * groupSize));
const streamed = Math.round((Number(values.stream) * 1000) / stream.milliseconds);
using run = makeRun({ rows });
run.close();
rmSync(join(run.folder, STORE_FILE));
copyMadeStore({ steps, groups, groupSize, rows }, join(run.folder, STORE_FILE));
using longRun = makeLongRun(Number(values.steps));
console.error(`${steps * groups * groupSize} rollouts are stored.`);

using bundles = await bundleView("rollouts");
using curveBundles = await bundleView("curves");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const log = <T>(what: string, result: T): T => {
  console.error(`measured: ${what}`);
  return result;
};
try {
  const { folder } = run;
  const activations = editor && extension ? await measureActivation(browser, extension, rounds) : [];
  const result: ViewResult = {
    made: new Date().toISOString().slice(0, 10),
    browser: `${browser.browserType().name()} ${browser.version()}`,
    machine,
    otherLoad: load,
    rounds,
    rollouts: steps * groups * groupSize,
    storeBytes: statSync(join(folder, STORE_FILE)).size,
    steps: Number(values.steps),
    activations,
    firstEntryBytes: editor ? statSync(join(root, "dist", "extension.cjs")).size : undefined,
    opening: log("opening", await measureOpening(browser, folder, bundles, rounds)),
    lists: log("filters and orders", await measureLists(browser, folder, bundles, rounds)),
    searches: log("searches", await measureSearches(browser, folder, bundles, rounds)),
    scrolling: log("scrolling", await measureScrolling(executablePath, folder, bundles, Number(values.scroll))),
    streaming: log(
      "streaming",
      await measureStreaming(executablePath, folder, bundles, { ...stream, firstStep: steps + 1, steps: streamed }),
    ),
    hidden: log(
      "streaming to a view that nobody sees",
      await measureHidden(executablePath, folder, bundles, {
        ...stream,
        firstStep: steps + streamed + 1,
        steps: Math.ceil(streamed / 6),
      }),
    ),
    curves: log("curves", await measureCurves(browser, longRun.folder, curveBundles, rounds)),
  };
  const text = renderViews(result);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, "view.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(values.out, "view.md"), text);
  console.log(text);
} finally {
  await browser.close();
}
