/** What was measured of the views, each figure beside its bar. */
import type { Machine } from "../../scripts/machine.ts";
import { markdownTable } from "../../server/training/sweep/markdownTable.ts";
import { describe } from "../report.ts";
import { median, percentile } from "../statistics.ts";
import { type Lists, type Search, slowest, type Timed } from "./lists.ts";
import type { Scrolling } from "./scrolling.ts";
import type { Streaming } from "./streaming.ts";

export interface ViewResult {
  made: string;
  browser: string;
  machine: Machine;
  otherLoad: number;
  rounds: number;
  rollouts: number;
  storeBytes: number;
  /** Of the run whose curves are opened. */
  steps: number;
  /** None where the editor was left out. */
  activations: number[];
  firstEntryBytes: number | undefined;
  opening: Timed;
  lists: Lists;
  searches: Search[];
  scrolling: Scrolling;
  streaming: Streaming;
  hidden: { seconds: number; hostCpuMilliseconds: number; messages: number };
  curves: Timed;
}

type Row = readonly [what: string, value: string, cpu: string, bar: string];

const whole = (value: number): string => value.toFixed(0);
const grouped = (value: number): string => value.toLocaleString("en-US");
const ms = (values: readonly number[]): string => `${whole(median(values))} ms (worst ${whole(Math.max(...values))})`;
const cpu = (values: readonly number[]): string => `${whole(median(values))} ms`;
const tasks = (longTasks: readonly number[]): string =>
  `${longTasks.length} (longest ${whole(Math.max(0, ...longTasks))} ms)`;
const share = (milliseconds: number, seconds: number): string =>
  `${((milliseconds / seconds / 1000) * 100).toFixed(1)} %`;

const editorRows = ({ activations, firstEntryBytes }: ViewResult): Row[] =>
  activations.length === 0 || firstEntryBytes === undefined
    ? []
    : [
        ["activation in a new window", ms(activations), "", "100 ms"],
        ["the extension's first entry", `${whole(firstEntryBytes / 1000)} KB`, "", "350 KB"],
      ];

function searchRows({ text, found, firstHits, complete, cpuMilliseconds, longTasks }: Search): Row[] {
  const what = `searching "${text}", ${grouped(found)} groups`;
  return [
    ...(found > 0 ? [[`${what}: first hits`, ms(firstHits), "", "500 ms"] as const] : []),
    [`${what}: all texts read`, ms(complete), cpu(cpuMilliseconds), "5000 ms"],
    [`${what}: tasks over 50 ms`, tasks(longTasks), "", "0"],
  ];
}

function scrollingRows(scrolling: Scrolling): Row[] {
  const { rows, seen, seconds, longTasks, longTaskWork, frames, blank, page, hostCpuMilliseconds } = scrolling;
  const working = longTaskWork.filter((milliseconds) => milliseconds > 50);
  return [
    [
      `scrolling over ${grouped(seen)} of ${grouped(rows)} rows in ${whole(seconds)} s: tasks over 50 ms`,
      tasks(longTasks),
      share(hostCpuMilliseconds, seconds),
      "0",
    ],
    [
      "… of them with more than 50 ms of processor time",
      `${working.length} (longest ${whole(Math.max(0, ...longTaskWork))} ms)`,
      "",
      "none",
    ],
    ["… frames in which a row was not there yet", `${((100 * blank) / Math.max(1, frames)).toFixed(1)} %`, "", "none"],
    [
      "… memory of the page's process then, and of its JavaScript",
      `${page.memoryMB === undefined ? "unknown" : `${whole(page.memoryMB)} MB`}, ${whole(page.heapMB)} MB`,
      "",
      "300 MB",
    ],
  ];
}

function streamingRows({ streaming, hidden }: ViewResult): Row[] {
  const { seconds, rollouts, lags, hostCpuMilliseconds, page, groups, differences, unread, longTasks } = streaming;
  return [
    [`streamed rollouts a second, for ${whole(seconds)} s`, whole(rollouts / seconds), "", "5000"],
    [`… of ${grouped(groups)} groups, those that differ between view and store`, String(differences), "", "0"],
    ["… those of the store that the view did not show", String(unread), "", "0"],
    [
      "… from the commit of a step until its rows were painted",
      `${whole(median(lags))} ms (99 %: ${whole(percentile(lags, 99))}, worst ${whole(Math.max(...lags))})`,
      "",
      "500 ms",
    ],
    ["… processor time of the host's part that serves the view", share(hostCpuMilliseconds, seconds), "", "30 %"],
    ["… processor time of the page's process", share(page.cpuMilliseconds, seconds), "", "none"],
    ["… tasks over 50 ms", tasks(longTasks), "", "none"],
    [
      `… to a view that nobody sees, for ${whole(hidden.seconds)} s`,
      `${share(hidden.hostCpuMilliseconds, hidden.seconds)}, ${hidden.messages} messages`,
      "",
      "next to nothing",
    ],
  ];
}

export function renderViews(result: ViewResult): string {
  const { opening, lists, searches, curves, rollouts, storeBytes, rounds, steps } = result;
  const worst = slowest(lists.queries);
  const others = Object.keys(lists.queries).length - 1;
  const rows: Row[] = [
    ["measured", "value", "processor time of the host's part", "bar"],
    ...editorRows(result),
    ["navigation to first rows", ms(opening.milliseconds), cpu(opening.cpuMilliseconds), "1000 ms"],
    [
      `filter or order, the slowest of ${others + 1}: ${worst.name}`,
      ms(worst.timed.milliseconds),
      cpu(worst.timed.cpuMilliseconds),
      "300 ms",
    ],
    ["filters and orders: tasks over 50 ms", tasks(lists.longTasks), "", "0"],
    ...searches.flatMap(searchRows),
    ...scrollingRows(result.scrolling),
    ...streamingRows(result),
    [
      `curves of ${grouped(steps)} steps, from navigation`,
      ms(curves.milliseconds),
      cpu(curves.cpuMilliseconds),
      "none",
    ],
  ];
  return [
    "# Rollout view and curves",
    "",
    `Made on ${result.made} by \`npm run bench:view\`, in ${result.browser}: ${grouped(rollouts)} rollouts in a store of ${grouped(Math.round(storeBytes / 1e6))} MB, medians of ${rounds} rounds.`,
    "",
    describe(result.machine, result.otherLoad),
    "",
    ...markdownTable(rows),
    "",
  ].join("\n");
}
