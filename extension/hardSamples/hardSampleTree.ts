/** The tree of hard samples: tools, below each its samples, the ones that failed most often first. */
import * as vscode from "vscode";
import { plain } from "../../server/toolcalls/display.ts";
import { hardSamplesView } from "../commands/names.ts";
import type { Runs } from "../status/runs.ts";
import { nameText } from "../status/runText.ts";
import type { HardSample, HardState, HardTool } from "../training/messages.ts";
import { HardSampleFeed, type Listed } from "./hardSampleFeed.ts";
import {
  historyLines,
  idText,
  lineText,
  spokenText,
  stateSentence,
  stateText,
  toolLine,
  toolText,
} from "./hardText.ts";

/** A row of the tree: a tool, one of its samples, or what tells that more are left out. */
export type HardNode =
  | { kind: "tool"; tool: HardTool }
  | { kind: "sample"; folder: string; sample: string; known: HardSample; tool: string | null }
  | { kind: "more"; folder: string; tool: HardTool };

const icons: Record<HardState, [icon: string, color?: string]> = {
  hard: ["flame", "charts.red"],
  "few-shots": ["lightbulb", "charts.yellow"],
  "no-candidates": ["question", "charts.orange"],
  unverified: ["warning", "list.warningForeground"],
  retired: ["pass", "charts.green"],
  edited: ["edit", "charts.blue"],
  excluded: ["circle-slash"],
};

/** A tree that is this short is open at once. Samples. */
const SHORT = 20;

export class HardSampleTree implements vscode.TreeDataProvider<HardNode>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #feed: HardSampleFeed;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<HardNode>;
  /** What the rows were drawn from. */
  #drawn = "";
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: Runs) {
    this.#runs = runs;
    this.#view = vscode.window.createTreeView(hardSamplesView, { treeDataProvider: this, showCollapseAll: true });
    // It may have something to tell while it is made.
    this.#feed = new HardSampleFeed(runs, () => {
      if (this.#feed !== undefined) this.#redraw();
    });
    this.#redraw();
  }

  get listed(): Listed | undefined {
    return this.#feed.listed;
  }

  /** Lists the samples of a run, and shows the tree. */
  async show(folder: string): Promise<void> {
    this.#feed.choose(folder);
    await vscode.commands.executeCommand(`${hardSamplesView}.focus`);
  }

  getChildren(node?: HardNode): HardNode[] {
    const { listed } = this.#feed;
    if (node === undefined) return (listed?.samples?.tools ?? []).map((tool) => ({ kind: "tool", tool }));
    if (node.kind !== "tool" || listed === undefined) return [];
    const { tool } = node;
    const { folder } = listed.run;
    const samples = tool.samples.map((known): HardNode => {
      return { kind: "sample", folder, sample: known.sample, known, tool: tool.tool };
    });
    return tool.more > 0 ? [...samples, { kind: "more", folder, tool }] : samples;
  }

  getTreeItem(node: HardNode): vscode.TreeItem {
    if (node.kind === "tool") return this.#toolItem(node.tool);
    return node.kind === "sample" ? sampleItem(node) : moreItem(node);
  }

  /** The history is read when a person rests on a row. */
  async resolveTreeItem(item: vscode.TreeItem, node: HardNode): Promise<vscode.TreeItem> {
    if (node.kind !== "sample") return item;
    const events = await this.#runs.hardHistory(node.folder, node.sample).catch(() => []);
    item.tooltip = [introduction(node.known), ...historyLines(events, vscode.l10n)].join("\n");
    return item;
  }

  dispose(): void {
    this.#feed.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }

  #toolItem(tool: HardTool): vscode.TreeItem {
    const { problem, tools = [] } = this.#feed.listed?.samples ?? {};
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const short = tools.reduce((sum, { samples }) => sum + samples.length, 0) <= SHORT;
    const name = toolText(tool, problem, vscode.l10n);
    const item = new vscode.TreeItem(name, short ? Expanded : Collapsed);
    item.id = JSON.stringify([this.#feed.listed?.run.folder, tool.tool]);
    item.description = toolLine(tool, vscode.l10n);
    item.iconPath = new vscode.ThemeIcon("symbol-method");
    item.tooltip = [
      `${name}: ${item.description}`,
      ...(tool.tool === null && problem ? [plain(problem, 500)] : []),
    ].join("\n");
    item.accessibilityInformation = { label: vscode.l10n.t("Tool {0}, {1}", name, item.description) };
    item.contextValue = "tool";
    return item;
  }

  #redraw(): void {
    const { listed } = this.#feed;
    const { samples } = listed ?? {};
    const hard = samples?.hard ?? 0;
    this.#view.description = listed ? nameText(listed.run) : "";
    this.#view.badge = hard > 0 ? { value: hard, tooltip: vscode.l10n.t("{0} hard samples", hard) } : undefined;
    this.#view.message = plain(listed?.failure ?? samples?.problem ?? "", 500);
    void vscode.commands.executeCommand("setContext", "toolexpander.hardSamplesState", stateOf(listed));
    // A tree that is drawn anew takes the tooltip away that somebody reads.
    const drawn = JSON.stringify([listed?.run.folder, samples]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#changed.fire(undefined);
  }
}

/** Why the tree may be empty, for the welcome texts of the manifest. */
function stateOf(listed: Listed | undefined): string {
  if (listed === undefined) return "noRun";
  if (listed.failure !== undefined) return "unreadable";
  const { step = 0, probedRows } = listed.run.details ?? {};
  if (listed.samples?.known) return "known";
  return step > 0 && probedRows === undefined && listed.run.details?.hardRows === undefined ? "unprobed" : "waiting";
}

function sampleItem({ folder, sample, known, tool }: Extract<HardNode, { kind: "sample" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(idText(known));
  const [icon, color] = icons[known.state];
  item.id = JSON.stringify([folder, tool, sample]);
  item.description = lineText(known, vscode.l10n);
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.accessibilityInformation = { label: spokenText(known, vscode.l10n) };
  item.contextValue = "sample";
  item.command = {
    command: "toolexpander.openSample",
    title: vscode.l10n.t("Open Rollouts of Sample"),
    arguments: [{ folder, sample }],
  };
  return item;
}

function introduction(known: HardSample): string {
  const { query, state } = known;
  return [`${idText(known)}: ${stateText(state, vscode.l10n)}`, query, stateSentence(state, vscode.l10n)]
    .filter(Boolean)
    .join("\n");
}

function moreItem({ folder, tool }: Extract<HardNode, { kind: "more" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("{0} more", tool.more));
  item.description = vscode.l10n.t("shown in the rollout view");
  item.command = {
    command: "toolexpander.openSample",
    title: vscode.l10n.t("Open Rollouts"),
    arguments: [{ folder, tool: tool.tool ?? "" }],
  };
  return item;
}
