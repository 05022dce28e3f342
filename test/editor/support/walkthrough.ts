/** The walkthrough's page, as the editor draws it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { root } from "../../sources.ts";
import { until } from "./until.ts";
import { type EditorWindow, PATIENCE_MS } from "./window.ts";

interface Manifest {
  publisher: string;
  name: string;
  contributes: { walkthroughs: { id: string; steps: { id: string }[] }[] };
}

const { publisher, name, contributes }: Manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const walkthroughs = contributes.walkthroughs.map(({ id, steps }) => ({ id: `${publisher}.${name}#${id}`, steps }));

/** Ids of its steps, in their order. */
export const stepIds: readonly string[] = walkthroughs.flatMap(({ steps }) => steps.map(({ id }) => id));

export class Walkthrough {
  readonly #window: EditorWindow;

  constructor(window: EditorWindow) {
    this.#window = window;
  }

  /** Opens the page from the palette, or brings it to the front again. */
  async open(): Promise<void> {
    await this.#window.run("ToolExpander: Open Walkthrough");
    await this.#step(stepIds[0] ?? "").waitFor();
  }

  async isDone(step: string): Promise<boolean> {
    return (await this.#mark(step).getAttribute("aria-checked")) === "true";
  }

  /** Waits until a step is ticked off, on the page that is in front. */
  async done(step: string): Promise<void> {
    await until(`the step ${step} is done`, PATIENCE_MS, () => this.isDone(step));
  }

  /** Unfolds a step and presses one of its buttons. */
  async press(step: string, button: string): Promise<void> {
    const title = this.#step(step);
    const found = title.locator(".monaco-button", { hasText: button });
    await until(`the step ${step} is unfolded`, PATIENCE_MS, async () => {
      if (!(await found.isVisible())) await title.click({ timeout: 5000 }).catch(() => {});
      return found.isVisible();
    });
    await found.click();
  }

  /** The picture of the step that is unfolded. */
  get media(): Locator {
    return this.#window.page.locator(".getting-started-media");
  }

  #step(step: string): Locator {
    return this.#window.page.locator(`[data-step-id="${idOf(step)}"]`);
  }

  #mark(step: string): Locator {
    return this.#window.page.locator(`[data-done-step-id="${idOf(step)}"]`);
  }
}

const idOf = (step: string): string => {
  const home = walkthroughs.find(({ steps }) => steps.some(({ id }) => id === step));
  return `${home?.id}#${step}`;
};
