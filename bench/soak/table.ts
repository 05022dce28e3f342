/** The soak's samples as a table: how fast memory grows, and how many handles there are. */
import type { Machine } from "../../scripts/machine.ts";
import { markdownTable } from "../../server/training/sweep/markdownTable.ts";
import { describe } from "../report.ts";
import type { Sample } from "./processes.ts";
import { type Slope, slopeOf } from "./slope.ts";

/** Processes that live as long as the soak, and those that each run has of its own. */
const LASTING = ["extension host", "view"] as const;
const OF_A_RUN = ["training server", "engine"] as const;
export type ProcessName = (typeof LASTING)[number] | (typeof OF_A_RUN)[number];

/** One look at a process. */
export interface Look extends Sample {
  process: ProcessName;
  /** Minutes since the soak began. */
  minutes: number;
  /** Of the run that went on, from 1. */
  run: number;
}

export interface Soak {
  made: string;
  machine: Machine;
  otherLoad: number;
  minutes: number;
  runs: { folder: string; minutes: number; phase: string; shown: number }[];
  troubles: string[];
  /** One a minute. */
  looks: Look[];
}

export interface Figure {
  what: string;
  megabytes: { first: number; last: number };
  /** Megabytes an hour. */
  slope: Slope;
  handles: { least: number; most: number };
}

/** Part of the time that a process is given to come to its level: modules, graphs, caches, the first runs of the compiler. */
const WARM_UP = 0.25;

/** One look for each minute of a process: samples of seconds would say the same thing many times over. */
export function byMinute(looks: readonly Look[]): Look[] {
  const own = Map.groupBy(looks, ({ process, run, minutes }) => `${process} ${run} ${Math.floor(minutes)}`);
  return [...own.values()].map(meanOf);
}

/** The mean of looks at one process, and the most handles that it had. */
function meanOf(looks: readonly Look[]): Look {
  const [first] = looks as [Look];
  const of = (value: (look: Look) => number) => looks.reduce((sum, look) => sum + value(look), 0) / looks.length;
  return {
    ...first,
    minutes: round(of(({ minutes }) => minutes)),
    megabytes: round(of(({ megabytes }) => megabytes)),
    handles: Math.max(...looks.map(({ handles }) => handles)),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Without the first part of the time that they cover. */
function warm(looks: readonly Look[]): Look[] {
  const [first = 0, last = 0] = [looks[0]?.minutes, looks.at(-1)?.minutes];
  return looks.filter(({ minutes }) => minutes >= first + WARM_UP * (last - first));
}

/** @param looks one a minute */
export function figuresOf(looks: readonly Look[]): Figure[] {
  const of = (process: ProcessName) => looks.filter((look) => look.process === process);
  return [
    ...LASTING.map((process) => figure(`${process}, over all runs`, warm(of(process)), () => "")),
    ...OF_A_RUN.map((process) => {
      const runs = [...Map.groupBy(of(process), ({ run }) => run).values()];
      return figure(`${process}, within a run`, runs.flatMap(warm), ({ run }) => String(run));
    }),
    ...OF_A_RUN.map((process) => figure(`${process}, from run to run`, runMeans(of(process)), () => "")),
  ];
}

/** Each run's mean, once warm, as one look. */
const runMeans = (looks: readonly Look[]): Look[] =>
  [...Map.groupBy(looks, ({ run }) => run).values()].map((own) => meanOf(warm(own)));

function figure(what: string, looks: readonly Look[], group: (look: Look) => string): Figure {
  const handles = looks.map((look) => look.handles);
  return {
    what,
    megabytes: { first: looks[0]?.megabytes ?? 0, last: looks.at(-1)?.megabytes ?? 0 },
    slope: slopeOf(looks.map((look) => ({ group: group(look), x: look.minutes / 60, y: look.megabytes }))),
    handles: { least: Math.min(...handles), most: Math.max(...handles) },
  };
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;

function cells({ what, megabytes, slope, handles }: Figure): string[] {
  const margin = Number.isFinite(slope.margin) ? `± ${slope.margin.toFixed(1)}` : "(too few for an interval)";
  return [
    what,
    `${megabytes.first.toFixed(0)} → ${megabytes.last.toFixed(0)}`,
    `${signed(slope.slope)} ${margin}`,
    handles.least === handles.most ? String(handles.most) : `${handles.least} to ${handles.most}`,
    String(slope.points),
  ];
}

export function renderSoak(soak: Soak): string {
  const { made, machine, otherLoad, minutes, runs, troubles, looks } = soak;
  const ended = [...Map.groupBy(runs, ({ phase }) => phase)].map(([phase, own]) => `${own.length} ${phase}`);
  return [
    "# Soak",
    "",
    `Made on ${made} by \`npm run soak -- --minutes ${Math.round(minutes)}\`: ${runs.length} quickstart run${runs.length === 1 ? "" : "s"} back to back ` +
      `(${ended.join(", ")}), each followed by the training service and by a rollout view of its newest rows, which somebody leafs through. ` +
      "The extension host stands for the process in which our service and workers are threads; the view is its client without a page.",
    "",
    describe(machine, otherLoad),
    "",
    ...markdownTable([
      ["process", "MB, first → last", "MB an hour, 95 % interval", "handles", "points"],
      ...figuresOf(looks).map(cells),
    ]),
    "",
    "Resident memory, means of a minute, or of a run; the first quarter of the time, or of each run, is left out. Slopes are least squares; " +
      "the interval takes into account that one minute is like the next. Within a run: one slope for all runs, each with a level of its own.",
    "",
    troubles.length === 0 ? "No process ended unasked, and nothing was reported." : `Reported: ${troubles.join("; ")}`,
    "",
  ].join("\n");
}
