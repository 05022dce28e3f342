/** What the tests of every view share: one browser and one set of bundles, and pages that must not break their policy. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findBrowser, openBrowser } from "../../scripts/editor/browser.ts";
import { installLine } from "../../scripts/vulkan.ts";
import type { Bundles } from "./viewServer.ts";

const found = findBrowser() !== undefined;
if (!found && process.env.CI) throw new Error(`These tests need a browser: ${installLine}`);

/** Why tests of a view cannot run here; false where they can. */
export const skip = !found && `no browser: ${installLine}`;

/** Where pictures of the views are kept; nowhere where it is not set. */
export const pictures = process.env.TOOLEXPANDER_SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

/**
 * Looks until what is asserted holds: a page draws, and what it says arrives, in its own time.
 *
 * @throws what the last look threw
 */
export async function comesTrue(look: () => void | Promise<void>): Promise<void> {
  for (const end = performance.now() + 30_000; ; await sleep(20)) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}

/** Asks a view to look again; it may have come back before it is asked to. */
export async function retry(page: Page): Promise<void> {
  await page
    .getByText("Retry")
    .click({ timeout: 5000 })
    .catch(() => {});
  await page.getByRole("alert").waitFor({ state: "detached" });
}

/** The first few elements that stand out of the page's right edge, of those that the selector finds. */
export const beyondTheEdge = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(
    (found) =>
      [document.documentElement, ...document.querySelectorAll(found)]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => `${element.tagName} ${element.className}`)
        .slice(0, 5),
    selector,
  );

export interface OpenedPage extends AsyncDisposable {
  page: Page;
}

export interface ViewTests {
  readonly bundles: Bundles;
  /**
   * A page at an address of a view; its disposal fails where the page broke its policy or threw.
   *
   * @param view what serves it, and ends with it
   */
  open(address: string, view: AsyncDisposable, options: BrowserContextOptions): Promise<OpenedPage>;
}

/** Starts the browser before the tests of a file and ends it after them. */
export function viewTests(bundle: () => Promise<Bundles>): ViewTests {
  let browser: Browser | undefined;
  let bundles: Bundles | undefined;
  before(async () => {
    if (skip) return;
    bundles = await bundle();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    bundles?.[Symbol.dispose]();
  });
  return {
    get bundles() {
      assert.ok(bundles, "the bundles are made before the first test");
      return bundles;
    },
    async open(address, view, options) {
      assert.ok(browser, "the browser is started before the first test");
      const page = await browser.newPage(options);
      page.setDefaultTimeout(30_000);
      await page.goto(address);
      return {
        page,
        [Symbol.asyncDispose]: async () => {
          const faults = await page.evaluate(() => [
            ...(Reflect.get(globalThis, "violations") as string[]),
            ...(Reflect.get(globalThis, "failures") as string[]),
          ]);
          await page.close();
          await view[Symbol.asyncDispose]();
          assert.deepEqual(faults, []);
        },
      };
    },
  };
}
