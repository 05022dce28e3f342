/**
 * Judging with a model of the editor: which processes wait for it, which of them this window judges for, and what of that a person sees. A
 * window judges only in a trusted workspace, and for a process only after its person said so.
 */
import * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import { showFailure } from "../failures.ts";
import type { Runs } from "../status/runs.ts";
import { inform } from "../window.ts";
import { askModel, ensureConsent, hasConsent } from "./editorModels.ts";
import { JudgeKeys } from "./judgeKeys.ts";
import { forgetJudgeKey, isTrusted, pickToJudge, pickToStop, setJudgeKey } from "./judgingCommands.ts";
import { judgingText, nameOf, wishOf } from "./judgingText.ts";
import { askForKey } from "./keyInput.ts";
import type { AskModelParams, JudgingStatus } from "./messages.ts";

/** Processes that are remembered. */
const MOST = 20;
/** Files of processes that this workspace's person had judged here, so that a reload of the window goes on. */
const JUDGED_HERE = "judgedHere";

export interface JudgingParts {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  runs: Pick<
    Runs,
    "onDidChangeJudging" | "answerWith" | "followJudging" | "offerJudge" | "withdrawJudge" | "giveJudgeKey"
  >;
  /** Shows an error of the first bundle, whose classes are others than those here. */
  failed(error: unknown): void;
}

export class Judging implements vscode.Disposable {
  readonly #parts: JudgingParts;
  readonly #keys: JudgeKeys;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;
  /** Processes that the person was asked about already. */
  readonly #told = new Set<string>();
  #list: readonly JudgingStatus[] = [];

  constructor(parts: JudgingParts) {
    const { context, runs } = parts;
    this.#parts = parts;
    this.#keys = new JudgeKeys(context.secrets, context.globalState);
    this.#item = vscode.window.createStatusBarItem("toolexpander.judging", vscode.StatusBarAlignment.Left);
    this.#item.name = vscode.l10n.t("ToolExpander: judging");
    this.#subscription = runs.onDidChangeJudging((list) => this.#take(list));
    runs.answerWith((params, signal) => this.#ask(params, signal));
  }

  /** Follows the processes that these files name. */
  async follow(files: string[]): Promise<void> {
    this.#take(await this.#parts.runs.followJudging(files));
  }

  /** Judge in This Window. */
  judgeHere(): Promise<void> {
    return this.#shown(async () => {
      if (!(await isTrusted())) return;
      const status = await pickToJudge(this.#list);
      if (status) await this.#judge(status);
    });
  }

  /** Stop Judging in This Window. */
  stopJudging(): Promise<void> {
    return this.#shown(async () => {
      const status = await pickToStop(this.#list);
      if (!status) return;
      await this.#remember(status.bridge, false);
      await this.#parts.runs.withdrawJudge(status.bridge);
    });
  }

  /** Set Judge Key. */
  setKey(): Promise<void> {
    return this.#shown(() => setJudgeKey(this.#keys));
  }

  /** Forget Judge Key. */
  forgetKey(): Promise<void> {
    return this.#shown(() => forgetJudgeKey(this.#keys));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  async #shown(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof InputError) showFailure(error, this.#parts.log);
      else this.#parts.failed(error);
    }
  }

  /** The person has said so. @throws InputError where the model may not be used */
  async #judge({ bridge, state: { model, key } }: JudgingStatus): Promise<void> {
    if (key !== null) await this.#giveKey(bridge, key);
    if (model === null) return;
    await ensureConsent(this.#parts.context, model);
    await this.#remember(bridge, true);
    await this.#parts.runs.offerJudge(bridge);
  }

  /** The key that is kept for the origin, or that the person types now. */
  async #giveKey(bridge: string, origin: string): Promise<void> {
    const title = vscode.l10n.t("Set Judge Key");
    const key = (await this.#keys.keyFor(origin)) ?? (await askForKey(this.#keys, origin, title));
    if (key === undefined) return;
    const refused = await this.#parts.runs.giveJudgeKey(bridge, key);
    if (refused !== null) throw new InputError(refused);
  }

  async #ask({ bridge, model, messages }: AskModelParams, signal: AbortSignal): ReturnType<typeof askModel> {
    const outcome = await askModel(model, messages, signal);
    if (outcome.kind === "declined") await this.#remember(bridge, false);
    return outcome;
  }

  #take(list: readonly JudgingStatus[]): void {
    this.#list = list;
    this.#show();
    for (const status of list) {
      if (status.isOffered || status.state.state !== "waiting" || this.#told.has(status.bridge)) continue;
      this.#told.add(status.bridge);
      void this.#shown(() => this.#offer(status));
    }
    // A process that comes again under the same name is another one.
    for (const bridge of this.#told) if (!list.some((status) => status.bridge === bridge)) this.#told.delete(bridge);
  }

  /** Goes on where the person has said so before and no dialog is needed, and asks otherwise. */
  async #offer(status: JudgingStatus): Promise<void> {
    const { model } = status.state;
    const isRemembered = this.#judgedHere.includes(status.bridge);
    if (model !== null && isRemembered && (await hasConsent(this.#parts.context, model))) {
      await this.#parts.runs.offerJudge(status.bridge);
      return;
    }
    const { said, yes } = question(status);
    if ((await inform(said, yes)) === yes) await this.#judge(status);
  }

  get #judgedHere(): string[] {
    const kept = this.#parts.context.workspaceState.get<unknown>(JUDGED_HERE);
    return Array.isArray(kept) ? kept.filter((file): file is string => typeof file === "string") : [];
  }

  async #remember(bridge: string, isJudged: boolean): Promise<void> {
    const others = this.#judgedHere.filter((file) => file !== bridge);
    await this.#parts.context.workspaceState.update(
      JUDGED_HERE,
      isJudged ? [...others.slice(1 - MOST), bridge] : others,
    );
  }

  #show(): void {
    const shown = judgingText(this.#list, vscode.l10n);
    if (shown === undefined) {
      this.#item.hide();
      return;
    }
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.accessibilityInformation = { label: shown.tooltip, role: "button" };
    this.#item.backgroundColor = shown.isWaiting ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.command = shown.isWaiting ? "toolexpander.judgeHere" : "toolexpander.stopJudging";
    this.#item.show();
  }
}

/** What the person is asked, and the answer that lets this window do it. */
function question(status: JudgingStatus): { said: string; yes: string } {
  const { l10n } = vscode;
  if (status.state.key !== null) {
    const said = l10n.t(
      "{0} waits for the key of {1}, to which its questions, thoughts and candidate actions would be sent.",
      nameOf(status),
      wishOf(status),
    );
    return { said, yes: l10n.t("Give Key") };
  }
  const said = l10n.t(
    "{0} waits for a judge: its questions, thoughts and candidate actions would be sent to the language model {1} of this editor.",
    nameOf(status),
    wishOf(status),
  );
  return { said, yes: l10n.t("Judge in This Window") };
}
