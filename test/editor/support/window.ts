/** A window of VS Code as a person meets it: palette, notifications, status bar, views. */
import { readdirSync } from "node:fs";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import type { EditorServer } from "../../../scripts/editor/server.ts";
import { until } from "./until.ts";

/** Longest wait for anything that needs no training; a machine with other work on it is slow. Milliseconds. */
export const PATIENCE_MS = 120_000;

/** Longest wait for the palette's field, milliseconds. */
const FIELD_MS = 2_000;
/**
 * Waits for the palette's choices before it is opened anew, milliseconds: what was not registered when it opened never comes, and
 * a slow machine takes long for what does.
 */
const FIRST_ATTEMPT_MS = 1_000;
const ATTEMPT_MS = 15_000;

/** Runs in the page: whether one value in the editor's databases has all the texts. */
const kept = `async (texts) => {
  const databases = (await indexedDB.databases()).filter(({ name }) => name?.startsWith("vscode-web-state-db"));
  for (const { name } of databases) {
    const opened = await done(indexedDB.open(name));
    try {
      const values = await done(opened.transaction("ItemTable").objectStore("ItemTable").getAll());
      if (values.some((value) => texts.every((text) => String(value).includes(text)))) return true;
    } finally {
      opened.close();
    }
  }
  return false;
  function done(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}`;

export class EditorWindow {
  readonly page: Page;
  /** What the page printed and threw, for the report of a failure. */
  readonly console: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.console.push(`thrown: ${error.message}`));
  }

  /** A window on a folder, on none without one; in a browser profile that knows nothing. */
  static async open(browser: Browser, server: EditorServer, folder?: string): Promise<EditorWindow> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const window = new EditorWindow(await context.newPage());
    // The workbench is waited for as a person does, by what is drawn.
    await window.page.goto(server.window(folder), { waitUntil: "commit" });
    await window.ready();
    return window;
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: "commit" });
    await this.ready();
  }

  /** The workbench is drawn and its extension host answers. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .statusbar").waitFor();
    await this.page.locator(".statusbar-item", { hasText: "Activating Extensions" }).waitFor({ state: "detached" });
  }

  /**
   * Waits until the editor has written something that it keeps, with these texts in it. In a browser it writes every few
   * seconds, and a reload in between loses it; a person is slower than that.
   */
  async keeps(...texts: string[]): Promise<void> {
    await until(`the editor keeps ${texts.join(" with ")}`, PATIENCE_MS, async () =>
      this.page.evaluate<boolean>(`(${kept})(${JSON.stringify(texts)})`),
    );
  }

  /** As keeps, of an open panel and of what it shows, which is written later: without it the panel cannot come back. */
  async keepsPanel(viewType: string, shown: string): Promise<void> {
    await this.keeps("editorpart.state", viewType, shown);
  }

  /** What a failure looked like where only its text gets about: tabs, what has the focus, and what the editor told or asked. */
  async summary(): Promise<string> {
    const shown = this.page.evaluate<string>(`(() => {
      const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.innerText.replaceAll(/\\s+/g, " ").slice(0, 200));
      const focus = document.activeElement;
      return JSON.stringify({
        tabs: texts(".tabs-container .tab"),
        focus: focus ? \`\${focus.tagName} \${focus.className} \${focus.getAttribute("aria-label") ?? ""}\`.slice(0, 200) : "nowhere",
        told: texts(".notification-toast, .monaco-dialog-box, .quick-input-widget:not([style*='display: none']), .action-widget"),
      });
    })()`);
    return shown.catch((error: unknown) => String(error));
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /**
   * Runs a command by its title in the palette. It lists only what was registered before it opened, and a view that opens takes
   * the focus from it: asked again until it works.
   */
  async run(title: string, patience: number = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + patience;
    for (
      let attempt = FIRST_ATTEMPT_MS;
      !(await this.#choose(title, attempt));
      attempt = Math.min(2 * attempt, ATTEMPT_MS)
    ) {
      if (Date.now() > deadline) throw new Error(`The palette has no command ${JSON.stringify(title)}`);
      // Only the palette is to hear it: a view has a use of its own for Escape.
      if (!(await this.#input.isVisible())) continue;
      await this.page.keyboard.press("Escape");
      await this.#input.waitFor({ state: "hidden", timeout: FIELD_MS }).catch(() => {});
    }
  }

  async #choose(title: string, attempt: number): Promise<boolean> {
    try {
      if (!(await this.#input.isVisible())) await this.page.keyboard.press("F1");
      // What was visible may have been the palette of the command before, on its way out.
      await this.#input.fill(`>${title}`, { timeout: FIELD_MS });
      await this.choices.first().filter({ hasText: title }).waitFor({ timeout: attempt });
    } catch {
      return false;
    }
    // Not a click: on a slow machine one may be carried out and still be reported as late.
    await this.page.keyboard.press("Enter");
    return true;
  }

  get #input(): Locator {
    return this.page.locator(".quick-input-widget input[type=text]");
  }

  /** Rows of the palette, or of a choice that a command offers. */
  get choices(): Locator {
    return this.page.locator(".quick-input-widget .quick-input-list .monaco-list-row");
  }

  /** Takes a choice that a command offers; a click that is carried out and still reported as late took it too. */
  async choose(text: string | RegExp): Promise<void> {
    const choice = this.choices.filter({ hasText: text }).first();
    await choice.waitFor();
    await until(`${text} is taken`, PATIENCE_MS, async () => {
      await choice.click({ timeout: FIELD_MS }).catch(() => {});
      return !(await choice.isVisible());
    });
  }

  /**
   * Answers the choice or the field that a command shows last. One that still looks for files does not hear Enter, and may put its own
   * proposal over what was typed: answered again until it is gone.
   */
  async answer(text: string): Promise<void> {
    await until("the command asks", PATIENCE_MS, async () => !((await this.#typed()) ?? ">").startsWith(">"));
    await until(`${JSON.stringify(text)} is taken`, PATIENCE_MS, async () => {
      // An answer may take the field away, and the window with it, at any moment.
      await this.#input.fill(text, { timeout: FIELD_MS }).catch(() => {});
      if ((await this.#typed()) !== text) return !(await this.#input.isVisible());
      await this.page.keyboard.press("Enter");
      return !(await this.#input.isVisible());
    });
  }

  /**
   * Answers a question for a folder, which ends in "/", once it has proposed one and then looked into the other: until it has, it may
   * write its own proposal over what was typed.
   */
  async answerFolder(folder: string): Promise<void> {
    await until("a folder is proposed", PATIENCE_MS, async () => ((await this.#typed()) ?? "").startsWith("/"));
    const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    await until(`${folder} is looked into`, PATIENCE_MS, async () => {
      if ((await this.#typed()) !== folder) await this.#input.fill(folder, { timeout: FIELD_MS }).catch(() => {});
      const listed = await this.choices.allTextContents();
      return inside.length === 0 || inside.some(({ name }) => listed.some((row) => row.includes(name)));
    });
    await this.answer(folder);
  }

  /** What stands in the field; undefined where none is shown. The palette's begins with ">". */
  async #typed(): Promise<string | undefined> {
    if (!(await this.#input.isVisible())) return undefined;
    return this.#input.inputValue({ timeout: 1000 }).catch(() => undefined);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast, .notifications-center .notification-list-item", { hasText: text });
  }

  /** A modal question. */
  get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  status(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /** A row of a tree in the side bar. */
  treeItem(text: string | RegExp): Locator {
    return this.page.locator(".pane-body .monaco-list-row", { hasText: text });
  }

  tab(text: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: text });
  }

  /** The content of the webview that is in front. */
  get webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").last().frameLocator("iframe#active-frame");
  }
}
