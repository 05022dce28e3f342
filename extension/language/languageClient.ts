/** The client of the language server: a process of its own, forked by the editor's Node. A bundle of its own, loaded when it is needed. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  LanguageClient as RpcClient,
  type ServerOptions,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import { Completion, type Path } from "../../schemas/replacementView.ts";
import { COMPLETE_DRAFT, HARD_COUNTS } from "../../server/language/messages.ts";
import type { Runs } from "../status/runs.ts";
import { alarm } from "../window.ts";
import { convertFile } from "./conversion.ts";
import { Crashes } from "./crashes.ts";
import { setDialect } from "./dialectChoice.ts";
import { fileEvents } from "./fileEvents.ts";
import { HardCountsFeed, type HardCountsMessage } from "./hardCounts.ts";
import { JsonLines } from "./jsonLines.ts";
import { showReferences } from "./references.ts";
import { withRulePages } from "./rulePages.ts";
import { VisibleLines } from "./visibleLines.ts";

export * as languageCommands from "./commands.ts";

/** Where a debugger finds the server of an extension that is being debugged. */
const INSPECTOR = "--inspect=127.0.0.1:6009";
/** Messages that could not be read or written before the connection is given up. */
const MOST_ERRORS = 3;

export interface LanguageClientSetup {
  /** Path of the server's bundle. */
  server: string;
  /** Folder with a page for each rule. */
  rulePages: vscode.Uri;
  selector: readonly vscode.DocumentFilter[];
  /** Outlives the client: a server that is ending still has something to say. */
  log: vscode.LogOutputChannel;
  runs: Pick<Runs, "list" | "onDidChange" | "hardCounts">;
}

export class LanguageClient {
  readonly #log: vscode.LogOutputChannel;
  readonly #crashes = new Crashes();
  readonly #client: RpcClient;
  readonly #disposables: vscode.Disposable[];
  #hardCounts: HardCountsMessage | undefined;

  constructor({ server, rulePages, selector, log, runs }: LanguageClientSetup) {
    this.#log = log;
    const watchers = fileEvents(selector);
    const options: LanguageClientOptions = {
      documentSelector: selector.map(({ scheme, pattern }) => ({ scheme: String(scheme), pattern: String(pattern) })),
      diagnosticCollectionName: "toolexpander",
      outputChannel: this.#log,
      // A notice of ours names what happened; a panel that opens by itself only hides the document.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => vscode.workspace.getConfiguration("toolexpander"),
      synchronize: { configurationSection: "toolexpander", fileEvents: watchers },
      errorHandler: this.#errorHandler(),
      middleware: {
        handleDiagnostics: (uri, findings, next) => next(uri, withRulePages(findings, rulePages)),
      },
    };
    this.#client = new RpcClient("toolexpander", "ToolExpander", serverOptions(server), options);
    const visible = new VisibleLines(selector, this.#client);
    this.#disposables = [
      ...watchers,
      visible,
      new JsonLines(selector),
      new HardCountsFeed(runs, (message) => {
        this.#hardCounts = message;
        this.#tellHardCounts();
      }),
      this.#client.onDidChangeState(({ newState }) => {
        if (newState !== State.Running) return;
        // A server that was started again knows nothing of the screen, nor of runs.
        visible.sendAll();
        this.#tellHardCounts();
      }),
    ];
  }

  /** Settles when the server answers. Where it cannot be started, that is told here and nowhere else. */
  async start(): Promise<void> {
    try {
      await this.#client.start();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      this.#gone();
    }
  }

  async stop(): Promise<void> {
    for (const disposable of this.#disposables) disposable.dispose();
    try {
      await this.#client.dispose();
    } catch (error) {
      this.#log.warn(error instanceof Error ? error.message : String(error));
    }
  }

  /** Of the server's process, while it lives. */
  get serverId(): number | undefined {
    return this.#client.serverProcess?.pid;
  }

  /** @param dialect its id, where the caller knows it; else a person is asked */
  convert(document: vscode.TextDocument, dialect?: string): Promise<void> {
    return convertFile(this.#client, document, this.#log, dialect);
  }

  /** @param dialect its id, or "detect", where the caller knows it; else a person is asked */
  setDialect(document: vscode.TextDocument, dialect?: string): Promise<void> {
    return setDialect(this.#client, document, dialect);
  }

  /** What completes a text that is not in its document yet, and stands there in place of the value at the path. */
  async completeDraft(place: { uri: string; path: Path; text: string; offset: number }): Promise<Completion[]> {
    return Value.Parse(Type.Array(Completion), await this.#client.sendRequest<unknown>(COMPLETE_DRAFT, place));
  }

  showReferences(uri: vscode.Uri, position: vscode.Position): Promise<void> {
    return showReferences(this.#client, uri, position);
  }

  #tellHardCounts(): void {
    if (this.#hardCounts === undefined || !this.#client.isRunning()) return;
    // Lenses lack a number where this fails, and the next count comes soon.
    this.#client.sendNotification(HARD_COUNTS, this.#hardCounts).catch(() => {});
  }

  #errorHandler(): ErrorHandler {
    return {
      error: (error, _message, count) => {
        this.#log.error(error);
        const action = (count ?? 0) <= MOST_ERRORS ? ErrorAction.Continue : ErrorAction.Shutdown;
        return { action, handled: true };
      },
      closed: () => {
        if (this.#crashes.survives()) {
          const message = "The language server ended unexpectedly and is started again.";
          return { action: CloseAction.Restart, message, handled: true };
        }
        this.#gone();
        return { action: CloseAction.DoNotRestart, message: "The language server stays ended.", handled: true };
      },
    };
  }

  #gone(): void {
    const [showLog, again] = [vscode.l10n.t("Show Log"), vscode.l10n.t("Start Again")];
    const sentence = vscode.l10n.t(
      "ToolExpander's checks of tools, demonstrations and samples ended and could not be started again.",
    );
    void alarm(sentence, again, showLog).then((chosen) => {
      if (chosen === showLog) this.#log.show();
      if (chosen !== again) return;
      this.#crashes.forgive();
      void this.start();
    });
  }
}

function serverOptions(module: string): ServerOptions {
  const transport = TransportKind.ipc;
  return {
    run: { module, transport },
    debug: { module, transport, options: { execArgv: ["--nolazy", INSPECTOR] } },
  };
}
