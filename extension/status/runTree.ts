/** The tree of runs: one row for each with its state in icon and words, and its facts below it. */
import * as vscode from "vscode";
import { plain } from "../../server/toolcalls/display.ts";
import { runsView } from "../commands/names.ts";
import { canPause, canResume, canStop, isLive, type RunPhase, type RunStatus } from "./runStatus.ts";
import type { Runs } from "./runs.ts";
import { factsOf, lineText, messageText, nameText, spokenText, timeText } from "./runText.ts";

/** A row of the tree; `fact` is the index of a fact below its run. */
export interface RunNode {
  folder: string;
  fact?: number;
}

const icons: Record<RunPhase, [icon: string, color?: string]> = {
  connecting: ["sync"],
  running: ["play-circle", "charts.green"],
  pausing: ["debug-pause", "charts.yellow"],
  paused: ["debug-pause", "charts.yellow"],
  stopping: ["debug-stop", "charts.yellow"],
  finished: ["pass", "charts.green"],
  stopped: ["debug-stop"],
  failed: ["error", "errorForeground"],
  interrupted: ["debug-disconnect", "list.warningForeground"],
  elsewhere: ["remote"],
  unreachable: ["warning", "list.warningForeground"],
  unreadable: ["warning", "list.warningForeground"],
};

/** The tree is drawn anew at most this often; a person reads no faster, and every drawing crosses processes. Milliseconds. */
const REDRAW_MS = 1000;

export class RunTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<RunNode[] | undefined>();
  readonly #view: vscode.TreeView<RunNode>;
  readonly #subscription: vscode.Disposable;
  /** The editor knows a row by its object, so a run keeps its own. */
  readonly #nodes = new Map<string, RunNode>();
  /** What each run's row was drawn from, in the order of the rows. */
  #drawn = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#view = vscode.window.createTreeView(runsView, { treeDataProvider: this, showCollapseAll: true });
    this.#subscription = runs.onDidChange(() => {
      this.#timer ??= setTimeout(() => this.#redraw(), this.#sameRows() ? REDRAW_MS : 0);
    });
  }

  getChildren(node?: RunNode): RunNode[] {
    if (node === undefined) return this.#runs.list.map(({ folder }) => this.#node(folder));
    const run = this.#runs.find(node.folder);
    if (run === undefined || node.fact !== undefined) return [];
    return factsOf(run, vscode.l10n).map((_, fact) => ({ folder: run.folder, fact }));
  }

  getTreeItem({ folder, fact }: RunNode): vscode.TreeItem {
    const run = this.#runs.find(folder);
    if (run === undefined) return new vscode.TreeItem("");
    return fact === undefined ? runItem(run) : factItem(run, fact);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #node(folder: string): RunNode {
    const known = this.#nodes.get(folder);
    if (known) return known;
    const node = { folder };
    this.#nodes.set(folder, node);
    return node;
  }

  #sameRows(): boolean {
    const folders = this.#runs.list.map(({ folder }) => folder);
    return folders.join("\n") === [...this.#drawn.keys()].join("\n");
  }

  /** Asks for the rows that changed, or for all where a run came or went. */
  #redraw(): void {
    this.#timer = undefined;
    const { list } = this.#runs;
    const live = list.filter(isLive).length;
    this.#view.badge = live > 0 ? { value: live, tooltip: vscode.l10n.t("{0} runs live", live) } : undefined;
    const now = new Map(list.map((run) => [run.folder, JSON.stringify(run)]));
    const changed = [...now].filter(([folder, text]) => this.#drawn.get(folder) !== text).map(([folder]) => folder);
    const same = this.#sameRows();
    this.#drawn = now;
    for (const folder of this.#nodes.keys()) if (!now.has(folder)) this.#nodes.delete(folder);
    if (!same) this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed.map((folder) => this.#node(folder)));
  }
}

function runItem(run: RunStatus): vscode.TreeItem {
  const item = new vscode.TreeItem(nameText(run), vscode.TreeItemCollapsibleState.Collapsed);
  const begun = run.details ? timeText(run.details.created) : "";
  const [icon, color] = icons[run.phase];
  item.id = run.folder;
  item.description = [lineText(run, vscode.l10n), begun].filter(Boolean).join(" · ");
  item.tooltip = [`${nameText(run)}: ${lineText(run, vscode.l10n)}`, messageText(run), plain(run.folder, 500)]
    .filter(Boolean)
    .join("\n");
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = contextOf(run);
  item.accessibilityInformation = { label: spokenText(run, vscode.l10n) };
  item.command = {
    command: "toolexpander.openRollouts",
    title: vscode.l10n.t("Open Rollouts"),
    arguments: [{ folder: run.folder } satisfies RunNode],
  };
  return item;
}

/** What the menus of the manifest look for. */
function contextOf(run: RunStatus): string {
  const can = [canPause(run) && "pausable", canResume(run) && "resumable", canStop(run) && "stoppable"];
  return ["run", ...can.filter((word) => word !== false)].join(" ");
}

function factItem(run: RunStatus, index: number): vscode.TreeItem {
  const fact = factsOf(run, vscode.l10n)[index];
  const item = new vscode.TreeItem(fact?.label ?? "");
  item.id = `${run.folder}\n${fact?.label ?? index}`;
  item.description = fact?.value ?? "";
  item.tooltip = fact ? `${fact.label}: ${fact.value}` : "";
  item.accessibilityInformation = { label: item.tooltip };
  return item;
}
