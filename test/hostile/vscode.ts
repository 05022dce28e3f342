/**
 * As much of the module `vscode` as the extension's side of commands, trees and messages asks for. What would reach a person is kept,
 * by the surface that it would reach.
 */

export type Surface = "message" | "progress" | "picker" | "input" | "status" | "log" | "context";

export const shown: { surface: Surface; text: string }[] = [];
const show = (surface: Surface, ...texts: unknown[]): void => {
  for (const text of texts) if (typeof text === "string" && text !== "") shown.push({ surface, text });
};

/** What a test decides. */
export const chosen = { trusted: true, settings: new Map<string, unknown>() };

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Disposable {
  readonly dispose: () => void;
  constructor(dispose: () => void = () => {}) {
    this.dispose = dispose;
  }
  static from(...all: { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }
}

export class Uri {
  readonly scheme: string;
  readonly fsPath: string;
  constructor(scheme: string, fsPath: string) {
    this.scheme = scheme;
    this.fsPath = fsPath;
  }
  get path(): string {
    return this.fsPath;
  }
  static file(path: string): Uri {
    return new Uri("file", path);
  }
  static joinPath({ scheme, fsPath }: Uri, ...parts: string[]): Uri {
    return new Uri(scheme, [fsPath, ...parts].join("/"));
  }
}

export class TreeItem {
  label: string;
  tooltip: unknown;
  constructor(label: string) {
    this.label = label;
  }
}
export class ThemeIcon {}
export class ThemeColor {}
export class CancellationError extends Error {}
export class Position {}
export class Range {}
export class RelativePattern {}
export class TabInputText {}
export class TabInputCustom {}
export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };
  cancel(): void {}
  dispose(): void {}
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { Notification: 15 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };
export const ViewColumn = { Active: -1 };

const message = async (text: string, ...rest: unknown[]): Promise<undefined> => {
  show("message", text);
  for (const one of rest) if (typeof one === "object" && one !== null && "detail" in one) show("message", one.detail);
};

interface Picked {
  label?: string;
  description?: string;
  detail?: string;
}
const pickers = (items: readonly (Picked | string)[]): void => {
  for (const item of items)
    if (typeof item === "string") show("picker", item);
    else show("picker", item.label, item.description, item.detail);
};

export const window = {
  activeTextEditor: undefined,
  tabGroups: { all: [], activeTabGroup: { activeTab: undefined }, onDidChangeTabs: () => new Disposable() },
  showInformationMessage: message,
  showWarningMessage: message,
  showErrorMessage: message,
  async showQuickPick(items: readonly (Picked | string)[], options: { title?: string } = {}): Promise<undefined> {
    show("picker", options.title);
    pickers(items);
  },
  async showInputBox({ prompt }: { prompt?: string }): Promise<undefined> {
    show("input", prompt);
  },
  async showOpenDialog(): Promise<undefined> {},
  async withProgress<T>(
    { title }: { title?: string },
    work: (progress: object, token: object) => Promise<T>,
  ): Promise<T> {
    show("progress", title);
    const report = ({ message: text }: { message?: string }): void => show("progress", text);
    return work({ report }, new CancellationTokenSource().token);
  },
  createQuickPick: () => ({
    ...{ items: [], activeItems: [], selectedItems: [], show() {}, dispose() {}, onDidAccept: () => new Disposable() },
    onDidHide(hidden: () => void) {
      queueMicrotask(hidden);
      return new Disposable();
    },
  }),
  createTreeView: () => ({ dispose() {} }),
  createStatusBarItem: () => ({
    ...{ tooltip: "", show() {}, hide() {}, dispose() {} },
    set text(text: string) {
      show("status", text);
    },
  }),
};

export const commands = {
  registered: new Map<string, (...args: unknown[]) => unknown>(),
  registerCommand(name: string, run: (...args: unknown[]) => unknown): Disposable {
    this.registered.set(name, run);
    return new Disposable();
  },
  async executeCommand(): Promise<undefined> {},
};

const never = () => new Disposable();
export const workspace = {
  get isTrusted(): boolean {
    return chosen.trusted;
  },
  workspaceFolders: [{ uri: Uri.file("/workspace"), name: "workspace", index: 0 }],
  asRelativePath: (uri: Uri | string): string => (typeof uri === "string" ? uri : uri.fsPath),
  getConfiguration: () => ({
    get: (name: string): unknown => chosen.settings.get(name),
    inspect: () => undefined,
    update: async () => {},
  }),
  getWorkspaceFolder: () => undefined,
  saveAll: async () => true,
  findFiles: async () => [],
  createFileSystemWatcher: () => ({ onDidCreate: never, onDidChange: never, onDidDelete: never, dispose() {} }),
  onDidGrantWorkspaceTrust: never,
  onDidChangeWorkspaceFolders: never,
  onDidChangeConfiguration: never,
};

export const env = { clipboard: { writeText: async () => {} } };
export const debug = { startDebugging: async () => true };

export const l10n = {
  t: (text: string, ...values: unknown[]): string =>
    text.replaceAll(/\{(\d+)\}/g, (_, at) => String(values[Number(at)])),
};

export const log = {
  info: (text: string): void => show("log", text),
  warn: (text: string): void => show("log", text),
  error: (error: string | Error): void => show("log", error instanceof Error ? error.message : error),
  show() {},
};
