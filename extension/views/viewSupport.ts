/** The panels of the views, as far as they are loaded at once: the editor asks here when it brings one back. */
import * as vscode from "vscode";
import { compareViewType, curvesViewType, episodesViewType, rolloutsViewType } from "../commands/names.ts";
import type { EpisodesToShow } from "../episodes/shownEpisodes.ts";
import { loadBundle } from "../loadBundle.ts";
import type { Runs } from "../status/runs.ts";
import type { ListQuery, RunToShow } from "./shown.ts";

/** What the bundle of its own brings, `dist/panels.cjs`. */
type Bundle = typeof import("./panels.ts");

interface Views {
  rollouts: InstanceType<Bundle["RolloutViews"]>;
  curves: InstanceType<Bundle["CurveViews"]>;
  comparisons: InstanceType<Bundle["ComparisonViews"]>;
  episodes: InstanceType<Bundle["EpisodeViews"]>;
}

const VIEW_TYPES: Readonly<Record<keyof Views, string>> = {
  rollouts: rolloutsViewType,
  curves: curvesViewType,
  comparisons: compareViewType,
  episodes: episodesViewType,
};
const KINDS = Object.keys(VIEW_TYPES) as (keyof Views)[];

export class ViewSupport implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #runs: Runs;
  readonly #serializers: vscode.Disposable[];
  #views: Views | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, runs: Runs) {
    this.#context = context;
    this.#log = log;
    this.#runs = runs;
    this.#serializers = KINDS.map((kind) =>
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPES[kind], {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#loaded()[kind].restore(panel, state),
      }),
    );
  }

  /** Folder of the run that the panel in front shows, where it is a panel of this kind. */
  inFront(kind: "rollouts" | "curves"): string | undefined {
    return this.#views?.[kind].active;
  }

  /** @param only what is listed; without it the view is as it was left */
  openRollouts(run: RunToShow, only?: Partial<ListQuery>): void {
    this.#loaded().rollouts.open(run, only);
  }

  openCurves(run: RunToShow): void {
    this.#loaded().curves.open(run);
  }

  /** @param runs two or more; the others are compared with the first */
  openComparison(runs: readonly RunToShow[]): void {
    this.#loaded().comparisons.open(runs);
  }

  openEpisodes(shown: EpisodesToShow): void {
    this.#loaded().episodes.open(shown);
  }

  dispose(): void {
    for (const serializer of this.#serializers) serializer.dispose();
    for (const kind of KINDS) this.#views?.[kind].dispose();
  }

  #loaded(): Views {
    if (this.#views === undefined) {
      const bundle = loadBundle<Bundle>(this.#context, "panels");
      const setup = {
        extension: this.#context.extensionUri,
        log: this.#log,
        runs: this.#runs,
        openRollouts: (run: RunToShow, only: Partial<ListQuery>) => this.openRollouts(run, only),
      };
      this.#views = {
        rollouts: new bundle.RolloutViews(this.#context, this.#log),
        curves: new bundle.CurveViews(setup),
        comparisons: new bundle.ComparisonViews(setup),
        episodes: new bundle.EpisodeViews(setup),
      };
    }
    return this.#views;
  }
}
