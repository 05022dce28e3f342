/** A view of a run in a page of its own: the real page, script and worker, and a server in place of the editor. */
import path from "node:path";
import { viewPage } from "../../extension/views/page.ts";
import { WorkerLink } from "../../extension/views/workerLink.ts";
import { type CompareHostMessage, type CompareRequest, isCompareHostMessage } from "../../schemas/compareView.ts";
import { type CurveRequest, type CurvesHostMessage, isCurvesHostMessage } from "../../schemas/curvesView.ts";
import { type EpisodeRequest, type EpisodesHostMessage, isEpisodesHostMessage } from "../../schemas/episodesView.ts";
import { type HostMessage, isHostMessage, type WorkerMessage } from "../../schemas/rolloutView.ts";
import type { Theme } from "./themes.ts";
import { type Bundles, bundleMatching, serveView } from "./viewServer.ts";

export type { Bundles } from "./viewServer.ts";

export interface Harness<FromView extends { kind: string }, ToView> extends AsyncDisposable {
  /** Address of the view of a run. */
  address(theme?: Theme, title?: string): string;
  link: WorkerLink<FromView, ToView>;
  /** Says something to the view as the panel does. */
  say(message: ToView): void;
  /** Everything that was sent to the view. */
  sent: ToView[];
  /** What the view said that is for the panel and not for its worker. */
  heard: { kind: string }[];
  log: string[];
}

export type RolloutHarness = Harness<WorkerMessage, HostMessage>;
export type CurvesHarness = Harness<CurveRequest, CurvesHostMessage>;
export type CompareHarness = Harness<CompareRequest, CompareHostMessage>;
export type EpisodesHarness = Harness<EpisodeRequest, EpisodesHostMessage>;

/** Bundles what the views are made of, so that they are tested as they are written now. */
export const bundleView = (name: "rollouts" | "curves" | "compare" | "episodes"): Promise<Bundles> =>
  bundleMatching(new RegExp(`^(webview|extension)/${name}/`));

export const startHarness = (runDir: string, bundles: Bundles): Promise<RolloutHarness> =>
  start(bundles, { name: "rollouts", worker: "storeWorker.js", accepts: isHostMessage, ...ofRun(runDir) });

export const startCurves = (runDir: string, bundles: Bundles): Promise<CurvesHarness> =>
  start(bundles, { name: "curves", worker: "curvesWorker.js", accepts: isCurvesHostMessage, ...ofRun(runDir) });

/** @param shown the folder of a run, or a file of trajectories */
export const startEpisodes = (
  shown: { runDir: string } | { file: string },
  bundles: Bundles,
): Promise<EpisodesHarness> =>
  start(bundles, {
    name: "episodes",
    worker: "episodesWorker.js",
    accepts: isEpisodesHostMessage,
    workerData: shown,
    data: "file" in shown ? { file: shown.file } : { "run-folder": shown.runDir },
  });

/** @param runs as the panel names them; the others are compared with the first */
export const startCompare = (
  runs: readonly { folder: string; title: string }[],
  bundles: Bundles,
): Promise<CompareHarness> =>
  start(bundles, {
    name: "compare",
    worker: "compareWorker.js",
    accepts: isCompareHostMessage,
    workerData: {},
    data: { runs: JSON.stringify(runs) },
  });

/** Kinds of messages that a panel passes on. */
const forWorkers: ReadonlySet<string> = new Set(["request", "ack", "search"]);

interface View<ToView> {
  name: string;
  worker: string;
  workerData: unknown;
  /** Of the page, beside its title. */
  data: Readonly<Record<string, string>>;
  accepts(message: unknown): message is ToView;
}

const ofRun = (runDir: string) => ({ workerData: { runDir }, data: { "run-folder": runDir, kept: "null" } });

async function start<FromView extends { kind: string }, ToView>(
  { folder: dist }: Bundles,
  { name, worker, workerData, data, accepts }: View<ToView>,
): Promise<Harness<FromView, ToView>> {
  const sent: ToView[] = [];
  const log: string[] = [];
  const heard: { kind: string }[] = [];
  const server = await serveView({
    dist,
    view: name,
    page: (parts) => {
      link.warm();
      return viewPage({ ...parts, data: { ...data, title: parts.title } });
    },
    receive: (message) => {
      const said = message as FromView;
      if (forWorkers.has(said.kind)) link.receive(said);
      else heard.push(said);
    },
  });
  const say = (message: ToView): void => {
    sent.push(message);
    server.send(message);
  };
  const link = new WorkerLink<FromView, ToView>({
    file: path.join(dist, worker),
    name,
    data: workerData,
    accepts,
    post: (message) => say(message as ToView),
    log: (sentence) => log.push(sentence),
  });
  return {
    address: (theme = "dark", title = "quickstart") => server.address(theme, title),
    link,
    say,
    sent,
    heard,
    log,
    [Symbol.asyncDispose]: async () => {
      link[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
