/** The browser that UI tests look through: Debian's chromium or another that is there; none is downloaded. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
};

/** Path of the browser; undefined where there is none. `TOOLEXPANDER_CHROMIUM` names another. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.TOOLEXPANDER_CHROMIUM;
  return [...(named ? [named] : []), ...(places[process.platform] ?? [])].find((file) => existsSync(file));
}

/** @throws Error where there is no browser */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("There is no Chromium for the UI tests.");
  // A container's root has no namespaces for the sandbox, and its /dev/shm is small. The pages are our own.
  const args = ["--disable-dev-shm-usage", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath, args });
}
