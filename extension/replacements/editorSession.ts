/**
 * One open replacement editor: its document on one side, its view on the other. The document's text is the only state, so
 * undo, dirty state, saving and hot exit are the editor's own.
 */
import { userInfo } from "node:os";
import * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import {
  type Change,
  type Completion,
  isReplacementViewMessage,
  type Path,
  type Reading,
  type ReplacementHostMessage,
  type ReplacementRequest,
  type ReplacementViewMessage,
} from "../../schemas/replacementView.ts";
import type { TriedPosition } from "../../schemas/tryView.ts";
import { isTrusted } from "../commands/requirements.ts";
import { showFailure } from "../failures.ts";
import { triedRollouts } from "../settings.ts";
import { editTo } from "./documentEdits.ts";
import { DocumentFindings } from "./documentFindings.ts";
import type { OpenFile } from "./messages.ts";
import { promote } from "./promote.ts";
import type { ReplacementClient } from "./replacementClient.ts";
import { withSaving } from "./savings.ts";
import { ChangeRefused, changedText } from "./textEdits.ts";
import { TrySession } from "./trySession.ts";

/** The editor waits for whoever takes part in a saving, but not long; milliseconds. */
const FLUSH_MS = 800;

/** The language server, as far as it is asked about a text that is not in the document yet. */
export interface DraftLanguage {
  complete(place: { uri: string; path: Path; text: string; offset: number }): Promise<Completion[]>;
}

export interface SessionOptions {
  document: vscode.TextDocument;
  webview: vscode.Webview;
  client: ReplacementClient;
  language: DraftLanguage;
  log: vscode.LogOutputChannel;
  /** Whether the view is on the screen: only then does it answer. */
  isSeen(): boolean;
  backToAutomatic(uri: vscode.Uri): Promise<void>;
}

interface Saving {
  changes: Change[];
  /** In place of the whole text. */
  text: string | undefined;
}

export class EditorSession implements vscode.Disposable {
  readonly #options: SessionOptions;
  readonly #disposables: vscode.Disposable[];
  readonly #findings: DocumentFindings;
  /** Changes are applied one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #applying = false;
  /** Newest version that did not come from this view. */
  #foreign: number;
  #reading: Reading | undefined;
  #busy = false;
  /** While a saving waits for the view: changes that belong to it. */
  #saving: Saving | undefined;
  /** Told when the view has sent all that was typed. */
  readonly #waiting = new Set<() => void>();
  #isThere = false;
  /** Number of the view's last edit that was made or refused. */
  #edits = 0;
  readonly #try: TrySession;
  /** Of the next saving; undefined until the view has told what it kept. */
  #why: string | undefined;

  constructor(options: SessionOptions) {
    const { document, webview, client } = options;
    this.#options = options;
    const { fsPath: file } = document.uri;
    this.#try = new TrySession({ client, file, rollouts: triedRollouts, post: (message) => this.#post(message) });
    const endUses = client.onUsed(file, ({ step, rollouts, correct }) =>
      this.#post({ kind: "used", step, rollouts, correct }),
    );
    this.#findings = new DocumentFindings({
      document,
      client,
      found: (findings) => this.#post({ kind: "findings", findings }),
      failed: (error) => options.log.error(error instanceof Error ? error : String(error)),
    });
    this.#foreign = document.version;
    const isOurs = (other: vscode.TextDocument): boolean => other.uri.toString() === document.uri.toString();
    this.#disposables = [
      this.#findings,
      new vscode.Disposable(endUses),
      new vscode.Disposable(() => this.#try.cancel()),
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (isOurs(event.document)) this.#changed();
      }),
      vscode.workspace.onWillSaveTextDocument((event) => {
        // A document that holds what the file holds is saved without a change of it.
        if (isOurs(event.document) && this.#isThere && document.isDirty) event.waitUntil(this.#beforeSaving());
      }),
      vscode.workspace.onDidSaveTextDocument((saved) => {
        if (isOurs(saved)) this.#inBackground(this.#saved());
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #post(message: ReplacementHostMessage): void {
    void this.#options.webview.postMessage(message);
  }

  #receive(message: unknown): void {
    if (!isReplacementViewMessage(message)) {
      this.#options.log.error("A replacement editor sent a message that is not known; it was left alone.");
    } else if (message.kind === "request") this.#inBackground(this.#answer(message));
    else if (message.kind === "flushed") for (const resolve of this.#waiting) resolve();
    else if (message.kind === "why") this.#why = message.why;
    else this.#inBackground(this.#obey(message));
  }

  async #obey(
    message: Exclude<ReplacementViewMessage, ReplacementRequest | { kind: "flushed" | "why" }>,
  ): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#isThere = true;
        this.#edits = 0;
        this.#why ??= message.why;
        this.#post({ kind: "why", why: this.#why });
        this.#try.show();
        return this.#tell();
      case "edit":
        return this.#edit(message);
      case "rewrite":
        return this.#rewrite(message);
      case "command":
        return this.#command(message.name);
      case "try":
        return this.try();
      case "cancelTry":
        return this.#try.cancel();
      case "use":
        return this.use();
      case "remedy":
        return vscode.commands.executeCommand(`toolexpander.${message.remedy}`);
      case "promote":
        return this.#promote(message.at);
    }
  }

  async #command(name: "backToAutomatic" | "reopenAsText"): Promise<void> {
    const { document, backToAutomatic } = this.#options;
    if (name === "backToAutomatic") await backToAutomatic(document.uri);
    else await vscode.commands.executeCommand("vscode.openWith", document.uri, "default");
  }

  /** Tries the text as it is, with all that was typed. What is drawn is judged as the experiment says, by its own code where it has some. */
  async try(): Promise<void> {
    if (!(await isTrusted())) return;
    await this.#flush();
    await this.#try.start(this.#open());
  }

  /** A saving hands the edit to the run; where nothing is to be saved, the run is asked all the same. */
  async use(): Promise<void> {
    await this.#flush();
    const { document } = this.#options;
    if (!document.isDirty) await this.#offer();
    else if (!(await document.save())) throw new Error("The edit could not be saved, so no run has heard of it.");
  }

  async #promote(at: TriedPosition): Promise<void> {
    const { document, client } = this.#options;
    const rollout = this.#try.rolloutAt(at);
    const sample = this.#reading?.edit?.sample;
    if (!rollout || sample === undefined) return;
    try {
      await promote(client, { kind: "tried", file: document.uri.fsPath, sample, rollout });
    } catch (error) {
      showFailure(error, this.#options.log);
    }
  }

  async #edit({ edit, version, changes }: { edit: number; version: number; changes: Change[] }): Promise<void> {
    if (this.#saving) {
      this.#edits = edit;
      this.#saving.changes.push(...changes);
      return;
    }
    await this.#inTurn(async () => {
      this.#edits = edit;
      const text = this.#attempt(changes);
      if (text !== undefined) await this.#apply(version, text);
    });
  }

  async #rewrite({ edit, version, text }: { edit: number; version: number; text: string }): Promise<void> {
    if (this.#saving) {
      this.#edits = edit;
      this.#saving.text = text;
      return;
    }
    await this.#inTurn(async () => {
      this.#edits = edit;
      await this.#apply(version, text);
    });
  }

  /** The text with the changes; undefined where they do not fit it, which the view is told. */
  #attempt(changes: readonly Change[]): string | undefined {
    try {
      return changedText(this.#options.document.getText(), changes);
    } catch (error) {
      if (!(error instanceof ChangeRefused)) throw error;
      this.#post({ kind: "stale" });
      this.#inBackground(this.#tell());
      return undefined;
    }
  }

  async #apply(version: number, text: string): Promise<void> {
    const { document } = this.#options;
    if (version < this.#foreign) {
      this.#post({ kind: "stale" });
      return this.#tell();
    }
    const change = editTo(document, text);
    if (!change) return;
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, [change]);
    this.#applying = true;
    try {
      if (!(await vscode.workspace.applyEdit(edit))) this.#post({ kind: "stale" });
    } finally {
      this.#applying = false;
    }
  }

  #changed(): void {
    if (!this.#applying) this.#foreign = this.#options.document.version;
    this.#inBackground(this.#tell());
  }

  /** Shows the view the text, then what is read in it; of texts that follow fast, the last. */
  async #tell(): Promise<void> {
    if (!this.#isThere) return;
    const { document, client } = this.#options;
    const { version, isDirty: dirty } = document;
    this.#post({ kind: "document", version, text: document.getText(), dirty, edits: this.#edits });
    this.#findings.tell();
    this.#try.compare(document.getText());
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#reading = await client.read(this.#open());
      this.#post({ kind: "reading", reading: this.#reading });
    } catch (error) {
      this.#post({ kind: "problem", message: sentenceOf(error) });
    } finally {
      this.#busy = false;
    }
    if (this.#reading !== undefined && this.#reading.version < document.version) await this.#tell();
  }

  async #answer({ id, method, params }: ReplacementRequest): Promise<void> {
    const { client, document, language } = this.#options;
    try {
      if (method === "completions") {
        const items = await language.complete({ uri: document.uri.toString(), ...params });
        this.#post({ kind: "reply", id, method, result: { items } });
      } else if (method === "candidates") {
        this.#post({ kind: "reply", id, method, result: await client.candidates(this.#open(), params.search) });
      } else this.#post({ kind: "reply", id, method, result: await client.history(this.#open()) });
    } catch (error) {
      const code = error instanceof InputError ? "input" : "defect";
      this.#post({ kind: "refusal", id, code, message: sentenceOf(error) });
    }
  }

  /** What the view still holds back belongs to the saving, and the saving to the history. */
  async #beforeSaving(): Promise<vscode.TextEdit[]> {
    const { document } = this.#options;
    const saving: Saving = { changes: [], text: undefined };
    this.#saving = saving;
    await this.#flush();
    this.#saving = undefined;
    const text = saving.text ?? this.#attempt(saving.changes) ?? document.getText();
    const run = this.#reading?.run;
    const why = this.#why?.trim() ?? "";
    const edit = editTo(
      document,
      withSaving(text, {
        at: new Date().toISOString(),
        by: userInfo().username,
        ...(why === "" ? {} : { why }),
        ...(run ? { run: run.id, step: run.step } : {}),
      }),
    );
    return edit ? [edit] : [];
  }

  /** The view hands over what it holds back; one that is not on the screen does not answer. */
  async #flush(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const late = setTimeout(resolve, this.#isThere && this.#options.isSeen() ? FLUSH_MS : 0);
    this.#post({ kind: "flush" });
    await promise;
    clearTimeout(late);
    this.#waiting.delete(resolve);
    // Edits came before the answer, and take their turn; those of a saving belong to it.
    if (!this.#saving) await this.#inTurn(async () => {});
  }

  async #saved(): Promise<void> {
    void vscode.commands.executeCommand("setContext", "toolexpander.sampleEdited", true);
    this.#why = "";
    this.#post({ kind: "why", why: "" });
    await this.#offer();
  }

  /** Asks the run what it makes of the file. */
  async #offer(): Promise<void> {
    const { document, client } = this.#options;
    this.#post({ kind: "saved", verdict: { state: "waiting", sentence: "Saved." } });
    const verdict = await client.offer(document.uri.fsPath, document.getText());
    this.#post({ kind: "saved", verdict });
    await this.#tell();
  }

  #open(): OpenFile {
    const { document } = this.#options;
    return { file: document.uri.fsPath, text: document.getText(), version: document.version };
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work, work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#options.log.error(error instanceof Error ? error : String(error));
      this.#post({ kind: "problem", message: sentenceOf(error) });
    });
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
