/** The text editor that is in front, worked with the keyboard. */
import type { Locator } from "playwright-core";
import { until } from "./until.ts";
import { type EditorWindow, PATIENCE_MS } from "./window.ts";

/** Longest wait for a widget before it is asked for again, milliseconds. */
const ATTEMPT_MS = 10_000;
const CLOSING_MS = 2_000;

export class TextEditor {
  readonly #window: EditorWindow;

  constructor(window: EditorWindow) {
    this.#window = window;
  }

  /** Opens a file that the explorer shows. */
  async open(name: string): Promise<void> {
    await this.#window.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).dblclick();
    await this.#window.tab(name).waitFor();
    await this.#lines.first().waitFor();
  }

  /** Waits until nothing of a file is unsaved. */
  async isSaved(name: string): Promise<void> {
    await this.#window.page.locator(".tabs-container .tab:not(.dirty)", { hasText: name }).waitFor();
  }

  squiggles(severity: "error" | "warning"): Locator {
    return this.#window.page.locator(`.editor-instance .squiggly-${severity}`);
  }

  /** A row of the Problems panel. */
  problem(text: RegExp): Locator {
    return this.#window.page.locator(".markers-panel .monaco-list-row", { hasText: text });
  }

  /** Selects the first place where a text stands. */
  async find(text: string): Promise<void> {
    const { page } = this.#window;
    await page.locator(".editor-instance .monaco-editor").first().click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Control+f");
    const field = page.locator(".find-widget.visible .find-part textarea");
    await field.fill(text);
    await page.locator(".find-widget.visible .matchesCount", { hasText: /^1 of / }).waitFor();
    // A message that has just come takes the first Escape for itself.
    const widget = page.locator(".find-widget.visible");
    await until("the search to close", PATIENCE_MS, async () => {
      await page.keyboard.press("Escape");
      return widget.waitFor({ state: "hidden", timeout: CLOSING_MS }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Puts the cursor on the first place where a text stands, and another text in its stead. */
  async replace(text: string, by: string): Promise<void> {
    await this.find(text);
    await this.#window.page.keyboard.insertText(by);
    await this.#lines.filter({ hasText: by }).first().waitFor();
    // What is offered for it is not wanted.
    await this.#window.page.keyboard.press("Escape");
  }

  /** Goes to the place of a problem and takes the quick fix of this title there. */
  async quickFix(problem: Locator, title: string): Promise<void> {
    const action = this.#window.page.locator(".action-widget .monaco-list-row", { hasText: title });
    await this.#askedFor(action, "Quick Fix...", async () => {
      await problem.dblclick();
      // The text takes the focus when it has come to the place: not from the palette, whose Enter it would then hear.
      await this.#window.page.locator(".editor-instance .monaco-editor.focused").waitFor();
    });
    await action.click();
  }

  /** Gives the name that stands there first another one, everywhere. */
  async rename(name: string, newName: string): Promise<void> {
    await this.find(name);
    await this.#window.page.keyboard.press("ArrowLeft");
    await this.#window.page.keyboard.press("ArrowRight");
    const field = this.#window.page.locator(".rename-box input.rename-input");
    await this.#askedFor(field, "Rename Symbol");
    await field.fill(newName);
    await this.#window.page.keyboard.press("Enter");
    await field.waitFor({ state: "hidden" });
  }

  /** Goes there and runs a command until its widget comes: the server may still be reading. */
  async #askedFor(widget: Locator, command: string, go = async () => {}): Promise<void> {
    await until(command, PATIENCE_MS, async () => {
      await go();
      await this.#window.run(command);
      return widget.waitFor({ timeout: ATTEMPT_MS }).then(
        () => true,
        () => false,
      );
    });
  }

  get #lines(): Locator {
    return this.#window.page.locator(".editor-instance .view-line");
  }
}
