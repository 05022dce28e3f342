/**
 * Generating trajectories, as far as it is loaded when somebody asks for it. The process ends with its window; the file is one that can be gone
 * on with, so the next window offers that.
 */
import * as vscode from "vscode";
import { plain } from "../../server/toolcalls/display.ts";
import { inBackground, showFailure } from "../failures.ts";
import { deviceOverride, nodePath } from "../settings.ts";
import { checkNode } from "../training/worker/nodePath.ts";
import { inform, withProgress } from "../window.ts";
import { runGeneration } from "./generateProcess.ts";
import { isWhole, progressText, resultText } from "./generatingText.ts";
import type { Generated } from "./messages.ts";

/** Experiments whose trajectories this workspace's window generates, in its state. */
export const GENERATING = "generating";

/** Of what a judge or a tool had to say, in a notification. */
const SENTENCE = 300;

export interface GenerationParts {
  /** Path of the process's bundle. */
  program: string;
  log: vscode.LogOutputChannel;
  /** Of the workspace. */
  state: vscode.Memento;
}

export class Generations implements vscode.Disposable {
  readonly #parts: GenerationParts;
  /** By the experiment's path. */
  readonly #going = new Map<string, AbortController>();
  #isClosing = false;

  constructor(parts: GenerationParts) {
    this.#parts = parts;
  }

  /** Generates until the file is whole, and says what came of it. What fails is shown. */
  async generate(experiment: string): Promise<void> {
    const name = vscode.workspace.asRelativePath(experiment);
    if (this.#going.has(experiment)) {
      const said = vscode.l10n.t(
        "The trajectories of {0} are being generated already; its notification says how far.",
        name,
      );
      void inform(said);
      return;
    }
    const controller = new AbortController();
    this.#going.set(experiment, controller);
    try {
      await this.#remember(experiment, true);
      const done = await this.#withProgress(experiment, name, controller);
      inBackground(this.#tell(experiment, done), this.#parts.log);
    } catch (error) {
      showFailure(error, this.#parts.log);
    } finally {
      this.#going.delete(experiment);
      if (!this.#isClosing) await this.#remember(experiment, false);
    }
  }

  /** Offers to go on with what a window that was closed has cut off. */
  async offer(): Promise<void> {
    for (const experiment of this.#remembered) {
      const goOn = vscode.l10n.t("Go On");
      const said = vscode.l10n.t(
        "The trajectories of {0} were being generated when the window was closed. What was stored stays.",
        vscode.workspace.asRelativePath(experiment),
      );
      const chosen = await inform(said, goOn);
      if (chosen === goOn) inBackground(this.generate(experiment), this.#parts.log);
      else if (!this.#going.has(experiment)) await this.#remember(experiment, false);
    }
  }

  dispose(): void {
    this.#isClosing = true;
    for (const controller of this.#going.values()) controller.abort();
  }

  #withProgress(experiment: string, name: string, controller: AbortController): Thenable<Generated | undefined> {
    const { program, log } = this.#parts;
    const title = vscode.l10n.t("Generating the trajectories of {0}", name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return withProgress(options, async (progress, token) => {
      const subscription = token.onCancellationRequested(() => controller.abort());
      const { nodePath: node } = nodePath();
      let shown = 0;
      try {
        if (node !== undefined) await checkNode(node);
        return await runGeneration(
          program,
          { experiment, ...deviceOverride() },
          {
            node,
            signal: controller.signal,
            progress: (now) => {
              const share = now.questions === 0 ? 0 : (100 * now.stored) / now.questions;
              progress.report({ message: progressText(now, vscode.l10n), increment: share - shown });
              shown = share;
            },
            said: (sentence) => {
              log.info(sentence);
              progress.report({ message: plain(sentence, SENTENCE) });
            },
          },
        );
      } finally {
        subscription.dispose();
      }
    });
  }

  async #tell(experiment: string, done: Generated | undefined): Promise<void> {
    if (this.#isClosing) return;
    const [open, goOn] = [vscode.l10n.t("Open Trajectories"), vscode.l10n.t("Go On")];
    const isDone = done !== undefined && isWhole(done);
    const actions = [...(done === undefined || done.questions === 0 ? [] : [open]), ...(isDone ? [] : [goOn])];
    const chosen = await inform(resultText(done, vscode.l10n), ...actions);
    if (chosen === open && done) await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(done.file));
    if (chosen === goOn) await this.generate(experiment);
  }

  get #remembered(): string[] {
    const kept = this.#parts.state.get<unknown>(GENERATING);
    return Array.isArray(kept) ? kept.filter((file): file is string => typeof file === "string") : [];
  }

  async #remember(experiment: string, isGoing: boolean): Promise<void> {
    const others = this.#remembered.filter((file) => file !== experiment);
    await this.#parts.state.update(GENERATING, isGoing ? [...others, experiment] : others);
  }
}
