/**
 * Files that are too large for extensions: checked from disk by a process of its own, and looked at page by page. A bundle of its
 * own, loaded when there is such a file or someone asks for the command.
 */
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { InputError } from "../../schemas/problem.ts";
import { exactGlob } from "../../server/language/globs.ts";
import { pageText } from "../../server/language/workspace/filePages.ts";
import { fileStamp } from "../../server/language/workspace/fileStamp.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { inBackground } from "../failures.ts";
import { inform, withProgress } from "../window.ts";
import { isOurs, isSynced, largeInFront, pickFile } from "./candidates.ts";
import { type CheckedFile, runCheck } from "./checkProcess.ts";
import { PageProblems } from "./pageProblems.ts";
import { PAGE_SCHEME, parsePageUri } from "./pageUris.ts";
import { summaryText } from "./summaryText.ts";
import { fileOfTab, isInTab, isUnsaved } from "./tabs.ts";

export interface LargeFilesSetup {
  /** Path of the checking process's bundle. */
  program: string;
  rulePages: vscode.Uri;
  log: vscode.LogOutputChannel;
  /** Called when a page has another text. */
  pageChanged(uri: vscode.Uri): void;
}

interface Checked {
  file: CheckedFile;
  /** Tells of the file's changes on disk. */
  watcher: vscode.FileSystemWatcher;
  /** The person knows that the file is no longer what was checked. */
  told: boolean;
}

export class LargeFiles implements vscode.Disposable {
  readonly #setup: LargeFilesSetup;
  readonly #problems: PageProblems;
  readonly #checked = new Map<string, Checked>();
  readonly #running = new Map<string, AbortController>();
  readonly #offered = new Set<string>();
  readonly #tabs: vscode.Disposable;

  constructor(setup: LargeFilesSetup) {
    this.#setup = setup;
    this.#problems = new PageProblems(setup.rulePages);
    this.#tabs = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      // A page that replaces another one is open before that one is closed.
      for (const file of new Set(closed.map(fileOfTab))) if (file !== undefined && !isInTab(file)) this.#forget(file);
    });
  }

  dispose(): void {
    this.#tabs.dispose();
    for (const running of this.#running.values()) running.abort();
    for (const file of [...this.#checked.keys()]) this.#forget(file);
    this.#problems.dispose();
  }

  /** @param target the file; else the one in front counts where it is too large, and a person is asked where not */
  async check(target: unknown): Promise<void> {
    const uri = target instanceof vscode.Uri ? target : ((await largeInFront()) ?? (await pickFile()));
    if (uri === undefined) return;
    if (uri.scheme !== "file")
      throw new InputError(vscode.l10n.t("Only files on disk can be checked this way, and this one is elsewhere."));
    if (await isSynced(uri)) {
      await vscode.window.showTextDocument(uri);
      void inform(
        vscode.l10n.t(
          "{0} is small enough for the editor: its findings are shown while it is open.",
          nameOf(uri.fsPath),
        ),
      );
      return;
    }
    await this.#checkFile(uri.fsPath);
  }

  /** Takes all findings of large files away. */
  clear(): void {
    for (const file of [...this.#checked.keys()]) this.#forget(file);
  }

  /** Offers the check of a file that was opened and that extensions are not given. Once for each file. */
  async offer(uri: vscode.Uri): Promise<void> {
    const file = uri.fsPath;
    if (this.#offered.has(file) || this.#checked.has(file) || !isOurs(file)) return;
    this.#offered.add(file);
    if (await isSynced(uri)) return;
    const check = vscode.l10n.t("Check from Disk");
    const chosen = await inform(
      vscode.l10n.t("{0} is too large for the editor to be checked while it is open.", nameOf(file)),
      check,
    );
    if (chosen === check) await this.#checkFile(file);
  }

  /** The text of a page, or a sentence that says why there is none any more. */
  async pageText(uri: vscode.Uri): Promise<string> {
    const { file, page: number } = parsePageUri(uri);
    const name = nameOf(file);
    const checked = this.#checked.get(file);
    const page = checked?.file.pages[number];
    const again = vscode.l10n.t("Run “ToolExpander: Check Large File…” to see it as it is.");
    if (checked === undefined || page === undefined)
      return `${vscode.l10n.t("What was found in {0} is no longer kept.", name)} ${again}\n`;
    const stamp = await fileStamp(file);
    if (stamp === undefined) return `${vscode.l10n.t("There is no file {0} any more.", name)}\n`;
    if (stamp !== checked.file.summary.stamp) {
      this.#tellChange(checked);
      return `${vscode.l10n.t("{0} has changed since it was checked.", name)} ${again}\n`;
    }
    return pageText(file, page);
  }

  async #checkFile(file: string): Promise<void> {
    this.#running.get(file)?.abort();
    const running = new AbortController();
    this.#running.set(file, running);
    try {
      const unsaved = isUnsaved(file);
      const checked = await this.#withProgress(file, running);
      await this.#show(checked);
      this.#tellResult(checked, unsaved);
    } finally {
      if (this.#running.get(file) === running) this.#running.delete(file);
    }
  }

  #withProgress(file: string, running: AbortController): Thenable<CheckedFile> {
    const location = vscode.ProgressLocation.Notification;
    const title = vscode.l10n.t("Checking {0}", nameOf(file));
    return withProgress({ location, title, cancellable: true }, (progress, cancelled) => {
      cancelled.onCancellationRequested(() => running.abort());
      let shown = 0;
      const settings: unknown = vscode.workspace.getConfiguration("toolexpander");
      return runCheck(
        this.#setup.program,
        { file, settings },
        {
          signal: running.signal,
          progress: (done) => {
            progress.report({ increment: 100 * (done - shown), message: `${Math.floor(100 * done)} %` });
            shown = done;
          },
        },
      );
    });
  }

  async #show(checked: CheckedFile): Promise<void> {
    const { file } = checked;
    this.#checked.get(file)?.watcher.dispose();
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(dirname(file)), exactGlob(basename(file))),
    );
    const current = { file: checked, watcher, told: false };
    watcher.onDidChange(() => this.#changed(current));
    watcher.onDidDelete(() => this.#changed(current));
    this.#checked.set(file, current);
    await this.#problems.show(checked);
    this.#pagesChanged(file);
  }

  /** The editor asks anew for the pages that it holds. */
  #pagesChanged(file: string): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === PAGE_SCHEME && parsePageUri(uri).file === file) this.#setup.pageChanged(uri);
  }

  #changed(checked: Checked): void {
    this.#pagesChanged(checked.file.file);
    this.#tellChange(checked);
  }

  #tellChange(checked: Checked): void {
    if (checked.told) return;
    checked.told = true;
    const { file } = checked.file;
    const again = vscode.l10n.t("Check Again");
    const work = async (): Promise<void> => {
      if ((await fileStamp(file)) === checked.file.summary.stamp) {
        checked.told = false;
        return;
      }
      const sentence = vscode.l10n.t(
        "{0} has changed since it was checked; its findings are those of before.",
        nameOf(file),
      );
      if ((await inform(sentence, again)) === again) await this.#checkFile(file);
    };
    inBackground(work(), this.#setup.log);
  }

  #tellResult({ file, summary, findings }: CheckedFile, unsaved: boolean): void {
    const sentence = summaryText(nameOf(file), findings.length, summary, vscode.l10n);
    const text = unsaved ? `${sentence} ${vscode.l10n.t("Changes that are not saved were not looked at.")}` : sentence;
    const show = vscode.l10n.t("Show Problems");
    void inform(text, ...(findings.length > 0 ? [show] : [])).then((chosen) => {
      if (chosen === show) void vscode.commands.executeCommand("workbench.actions.view.problems");
    });
  }

  #forget(file: string): void {
    this.#checked.get(file)?.watcher.dispose();
    this.#checked.delete(file);
    this.#problems.clear(file);
    this.#pagesChanged(file);
  }
}

const nameOf = (file: string): string => plain(basename(file), 200);
