/** The panels of the views, as far as they are loaded at once: the editor asks here when it brings one back. */
import { createRequire } from "node:module";
import * as vscode from "vscode";
import { compareViewType, curvesViewType, episodesViewType, rolloutsViewType } from "../commands/names.ts";
import type { EpisodesToShow } from "../episodes/shownEpisodes.ts";
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
    this.#serializers = [
      vscode.window.registerWebviewPanelSerializer(rolloutsViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#loaded().rollouts.restore(panel, state),
      }),
      vscode.window.registerWebviewPanelSerializer(curvesViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#loaded().curves.restore(panel, state),
      }),
      vscode.window.registerWebviewPanelSerializer(compareViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#loaded().comparisons.restore(panel, state),
      }),
      vscode.window.registerWebviewPanelSerializer(episodesViewType, {
        deserializeWebviewPanel: async (panel, state: unknown) => this.#loaded().episodes.restore(panel, state),
      }),
    ];
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
    this.#views?.rollouts.dispose();
    this.#views?.curves.dispose();
    this.#views?.comparisons.dispose();
    this.#views?.episodes.dispose();
  }

  #loaded(): Views {
    if (this.#views === undefined) {
      const bundle: Bundle = createRequire(this.#context.asAbsolutePath("dist/extension.cjs"))("./panels.cjs");
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
