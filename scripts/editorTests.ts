/** Running the tests that need a real editor: what they need is brought, or said in a line. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findBrowser } from "./editor/browser.ts";
import { EditorUnavailable, installEditor } from "./editor/install.ts";
import { onDesktop, servedHere } from "./editor/places.ts";
import { targetHere, withoutEngine } from "./packaging/targets.ts";
import { packageExtension } from "./packaging/vsix.ts";
import { testFiles } from "./testFiles.ts";
import { type Counts, runTests, sum } from "./unitTests.ts";
import { installLine } from "./vulkan.ts";

/** Longest time for one file: it starts an editor and trains. Milliseconds. */
const PATIENCE_MS = 600_000;

/** Installs Debian's headless Chromium where that takes no more than being root. Before anything looks for it or its Vulkan driver. */
export function prepareEditor(): void {
  if (onDesktop || findBrowser() !== undefined || !mayInstall()) return;
  console.log(`Installing the browser of the UI tests: ${installLine}`);
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("sh", ["-c", installLine], { stdio: ["ignore", "ignore", "inherit"], env });
  } catch {
    console.error("It could not be installed.");
  }
}

const mayInstall = (): boolean =>
  process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");

/** Tests of the package for systems without an engine. */
const needsNoEngine = (file: string): boolean => file.endsWith("withoutEngine.ui.ts");

/** Packs what was built, unless a package is named, and tests it in an editor. What cannot be had is a failure where `CI` is set, and skipped with a sentence elsewhere. */
export async function runEditorTests(root: string, parts: readonly string[] = []): Promise<Counts> {
  const files = testFiles(root, parts, "ui").filter(runsHere);
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    const inCi = Boolean(process.env.CI);
    console.error(`Tests in the editor ${inCi ? "cannot run" : "are skipped"}: ${missing}`);
    return { passed: 0, failed: inCi ? files.length : 0, skipped: inCi ? 0 : files.length };
  }
  await packForTests(files);
  const [together = [], alone = []] = [false, true].map((is) => files.filter((file) => wantsRoom(file) === is));
  // Two editors at a time: each waits more than it computes.
  const most = await runTests(together, { patience: PATIENCE_MS, concurrency: 2 });
  return sum(most, await runTests(alone, { patience: PATIENCE_MS, concurrency: 1 }));
}

/** In desktop VS Code there are the suites of its extension host alone; a package that is named is the one that is tested. */
const runsHere = (file: string): boolean =>
  (!onDesktop || file.endsWith("hostSuites.ui.ts")) && !(process.env.TOOLEXPANDER_VSIX && needsNoEngine(file));

async function packForTests(files: readonly string[]): Promise<void> {
  const target = targetHere();
  if (target !== undefined && !process.env.TOOLEXPANDER_VSIX) await packageExtension(target);
  if (files.some(needsNoEngine)) await packageExtension(withoutEngine);
}

/** `npm start` takes bundles and package away for a while, and no other test may be at them then; five minutes are those of one person; the suites of the extension host are fifty tests in one, with its limit. */
const wantsRoom = (file: string): boolean => /\/(start|firstFiveMinutes|hostSuites)\.ui\.ts$/.test(file);

/** Why there can be no tests in an editor here, with what to do; undefined where there can. */
async function whatIsMissing(): Promise<string | undefined> {
  if (onDesktop) return undefined;
  if (!servedHere || targetHere() === undefined) {
    return "VS Code is not served to a browser on this system; TOOLEXPANDER_EDITOR=desktop npm test uses desktop VS Code.";
  }
  if (findBrowser() === undefined) return `there is no Chromium. On Debian: ${installLine}`;
  try {
    await installEditor(console.log);
    return undefined;
  } catch (error) {
    if (error instanceof EditorUnavailable) return error.message;
    throw error;
  }
}
