/** A window of VS Code as a person meets it: palette, notifications, status bar, views. */
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import type { EditorServer } from "../../../scripts/editor/server.ts";

/** Longest wait for anything that needs no training; a machine with other work on it is slow. Milliseconds. */
export const PATIENCE_MS = 120_000;

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

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by its title in the palette, which lists only what was registered before it opened: asked again until it does. */
  async run(title: string, patience: number = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + patience;
    for (;;) {
      const row = await this.find(title);
      if (row !== undefined) return row.click();
      if (Date.now() > deadline) throw new Error(`The palette has no command ${JSON.stringify(title)}`);
      await this.page.keyboard.press("Escape");
    }
  }

  /** The palette's row of a command, the palette open; undefined where it lists none. */
  async find(title: string): Promise<Locator | undefined> {
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input[type=text]");
    await input.waitFor({ state: "visible" });
    await input.fill(`>${title}`);
    const row = this.choices.filter({ hasText: title }).first();
    try {
      await row.waitFor({ timeout: 2000 });
      return row;
    } catch {
      return undefined;
    }
  }

  /** Rows of the palette, or of a choice that a command offers. */
  get choices(): Locator {
    return this.page.locator(".quick-input-widget .quick-input-list .monaco-list-row");
  }

  /** Answers a choice or a field that a command shows. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input[type=text]");
    await input.waitFor({ state: "visible" });
    await input.fill(text);
    await this.page.keyboard.press("Enter");
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
