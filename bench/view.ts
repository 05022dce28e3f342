/**
 * `npm run bench:view`: the rollout view in a browser, its page, script, worker and store the real ones; and the packaged extension
 * (`npm run package`) in a real editor.
 *
 *     node bench/view.ts [--rollouts N] [--rounds N] [--seconds N] [--out DIR]
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { makeRun, stepOf } from "../extension/rollouts/testing/madeRun.ts";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { targetHere } from "../scripts/packaging/targets.ts";
import { packageFile } from "../scripts/packaging/vsix.ts";
import { markdownTable } from "../server/training/sweep/markdownTable.ts";
import { root } from "../test/sources.ts";
import { browserForTests, bundleView } from "../test/view/harness.ts";
import { measureActivation } from "./activation.ts";
import { describe } from "./report.ts";
import { median } from "./statistics.ts";
import { measureOpening, measureScrolling, measureStreaming } from "./viewMeasures.ts";

const { values } = parseArgs({
  options: {
    rollouts: { type: "string", default: "100000" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "30" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const groupSize = 8;
const groups = 100;
const executablePath = browserForTests();
if (executablePath === undefined) throw new Error("This needs a browser: apt-get install -y chromium");
const target = targetHere();
const extension = target && packageFile(target);
if (extension === undefined || !existsSync(extension)) throw new Error("This needs the package: npm run package");
const machine = describeMachine();
const load = await otherLoad();
if (load > 0.05)
  console.error(`Something else keeps ${Math.round(load * 100)} % of the cores busy; the figures will suffer.`);

using run = makeRun({ rows: 400 });
const steps = Math.ceil(Number(values.rollouts) / (groups * groupSize));
const writing = performance.now();
for (let step = 1; step <= steps; step++) {
  run.writer.recordStep(stepOf(step, groups, groupSize, 400, { thought: 1200, promptLength: 1500 }));
}
const writingSeconds = (performance.now() - writing) / 1000;
run.close();
const rollouts = steps * groups * groupSize;
console.error(`${rollouts} rollouts are stored, in ${writingSeconds.toFixed(0)} s.`);

using bundles = await bundleView("rollouts");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const activations = await measureActivation(browser, extension, Number(values.rounds));
  const firstEntry = statSync(join(root, "dist", "extension.cjs")).size;
  const openings: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    openings.push(await measureOpening(browser, run.folder, bundles));
  }
  const scrolling = await measureScrolling(browser, run.folder, bundles);
  const streaming = await measureStreaming(browser, run.folder, bundles, {
    firstStep: steps + 1,
    groups: 25,
    groupSize,
    milliseconds: 100,
    steps: Number(values.seconds) * 10,
  });

  const whole = (value: number): string => value.toFixed(0);
  const table = [
    ["measured", "value", "bar"],
    [
      `activation in a new window, median of ${activations.length}`,
      `${whole(median(activations))} ms (worst ${whole(Math.max(...activations))})`,
      "100 ms",
    ],
    ["the extension's first entry", `${(firstEntry / 1000).toFixed(0)} KB`, "350 KB"],
    [
      `navigation to first rows, ${rollouts} rollouts, median of ${openings.length}`,
      `${whole(median(openings))} ms (worst ${whole(Math.max(...openings))})`,
      "1000 ms",
    ],
    [
      `scrolling through ${scrolling.rows} rows for ${whole(scrolling.seconds)} s, tasks over 50 ms`,
      `${scrolling.longTasks.length} (longest ${whole(Math.max(0, ...scrolling.longTasks))} ms)`,
      "0",
    ],
    [
      `streamed rollouts a second, over ${whole(streaming.seconds)} s`,
      whole(streaming.rollouts / streaming.seconds),
      "2000",
    ],
    ["rows that differ between view and store", String(streaming.differences), "0"],
    ["rows of the store that the view did not show", String(streaming.unread), "0"],
    ["from the last commit to its rows", `${whole(streaming.lastRowAfter)} ms`, "none"],
    [
      "tasks over 50 ms while streaming",
      `${streaming.longTasks.length} (longest ${whole(Math.max(0, ...streaming.longTasks))} ms)`,
      "none",
    ],
  ];
  const made = new Date().toISOString().slice(0, 10);
  const text = [
    "# Rollout view",
    "",
    `Made on ${made} by \`npm run bench:view\`, in ${browser.browserType().name()} ${browser.version()}.`,
    "",
    describe(machine, load),
    "",
    ...markdownTable(table),
    "",
  ].join("\n");
  mkdirSync(values.out, { recursive: true });
  const result = { made, machine, otherLoad: load, rollouts, activations, firstEntry, openings, scrolling, streaming };
  writeFileSync(join(values.out, "view.json"), `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(join(values.out, "view.md"), text);
  console.log(text);
} finally {
  await browser.close();
}
