/**
 * The browser that tests of views and of the editor look through: Debian's or another that is there; none is downloaded.
 * The one without windows has the same engine, and a test of a view takes half of the processor's time in it.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const withoutWindows = "/usr/bin/chromium-headless-shell";

const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
};

export interface BrowserWanted {
  /** A whole one, as people have it: for what is measured. */
  whole?: boolean;
  environment?: NodeJS.ProcessEnv;
}

/** Path of the browser; undefined where there is none. `TOOLEXPANDER_CHROMIUM` names another. */
export function findBrowser({ whole = false, environment = process.env }: BrowserWanted = {}): string | undefined {
  const named = environment.TOOLEXPANDER_CHROMIUM;
  const known = [...(whole ? [] : [withoutWindows]), ...(places[process.platform] ?? [])];
  return [...(named ? [named] : []), ...known].find((file) => existsSync(file));
}

/** @throws Error where there is no browser */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("There is no Chromium for the UI tests.");
  // A container's root has no namespaces for the sandbox, and its /dev/shm is small. The pages are our own.
  const args = ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args });
}
