/** The editor's side of the language server, as far as it is loaded at once: it waits for the first document of ours. */
import * as vscode from "vscode";
import { inBackground } from "../failures.ts";
import { loadBundle } from "../loadBundle.ts";
import { filePatterns } from "../settings.ts";
import type { LanguageClient, LanguageClientSetup } from "./languageClient.ts";
import { addedPatterns, ourPatterns } from "./ourFiles.ts";

/** What the bundle of its own brings, `dist/languageClient.cjs`. */
type Bundle = typeof import("./languageClient.ts");

export class LanguageSupport implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #log: vscode.LogOutputChannel;
  readonly #runs: LanguageClientSetup["runs"];
  readonly #disposables: vscode.Disposable[];
  #selector: readonly vscode.DocumentFilter[] = selectorOf(filePatterns());
  #client: LanguageClient | undefined;
  #serverLog: vscode.LogOutputChannel | undefined;
  /** Clients start and stop one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, runs: LanguageClientSetup["runs"]) {
    this.#context = context;
    this.#log = log;
    this.#runs = runs;
    this.#disposables = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("toolexpander.files")) this.#select();
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.#opened(document);
  }

  isOurs(document: vscode.TextDocument): boolean {
    return vscode.languages.match(this.#selector, document) > 0;
  }

  get commands(): Bundle["languageCommands"] {
    return this.#bundle().languageCommands;
  }

  /** The client, started where it was not. */
  async client(): Promise<LanguageClient> {
    await this.#inTurn(() => this.#start());
    if (this.#client === undefined) throw new vscode.CancellationError();
    return this.#client;
  }

  /** Of the server's process, while there is one. */
  get serverId(): number | undefined {
    return this.#client?.serverId;
  }

  dispose(): void {
    this.#disposed = true;
    for (const disposable of this.#disposables) disposable.dispose();
    // The window does not wait; a server whose client is gone ends by itself.
    void this.#client?.stop().finally(() => this.#serverLog?.dispose());
  }

  #opened(document: vscode.TextDocument): void {
    if (this.#client === undefined && this.isOurs(document)) inBackground(this.client(), this.#log);
  }

  /** Another choice of files is another selector, which a client has for good. */
  #select(): void {
    this.#selector = selectorOf(filePatterns());
    const wasRunning = this.#client !== undefined;
    const restart = async (): Promise<void> => {
      await this.#client?.stop();
      this.#client = undefined;
      if (wasRunning || vscode.workspace.textDocuments.some((document) => this.isOurs(document))) await this.#start();
    };
    inBackground(this.#inTurn(restart), this.#log);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #bundle(): Bundle {
    return loadBundle<Bundle>(this.#context, "languageClient");
  }

  async #start(): Promise<void> {
    if (this.#disposed || this.#client !== undefined) return;
    const { LanguageClient } = this.#bundle();
    this.#serverLog ??= vscode.window.createOutputChannel("ToolExpander Language Server", { log: true });
    this.#client = new LanguageClient({
      server: this.#context.asAbsolutePath("dist/languageServer.js"),
      rulePages: vscode.Uri.joinPath(this.#context.extensionUri, "docs", "rules"),
      selector: this.#selector,
      log: this.#serverLog,
      runs: this.#runs,
    });
    await this.#client.start();
  }
}

/** Documents on disk, and new ones that have such a name already. */
const selectorOf = (setting: unknown): vscode.DocumentFilter[] =>
  [...ourPatterns, ...addedPatterns(setting)].flatMap((pattern) =>
    ["file", "untitled"].map((scheme) => ({ scheme, pattern })),
  );
