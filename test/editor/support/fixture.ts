/** A served editor for the tests of a file, and what a test that fails leaves behind. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, type TestContext, test } from "node:test";
import type { Browser } from "playwright-core";
import { openBrowser } from "../../../scripts/editor/browser.ts";
import { installEditor } from "../../../scripts/editor/install.ts";
import { exitOnSignals } from "../../../scripts/editor/processGroup.ts";
import { type EditorOptions, type EditorServer, startEditor } from "../../../scripts/editor/server.ts";
import { withoutEngine } from "../../../scripts/packaging/targets.ts";
import { packageFile, packageToTest } from "../../../scripts/packaging/vsix.ts";
import { RECORD_FILE } from "../../../server/store/runFolder.ts";
import { connectToRun } from "../../../server/training/client/connect.ts";
import { root } from "../../sources.ts";
import { EditorWindow } from "./window.ts";

/** Pictures and logs of tests that failed, one folder each. */
const failures = path.join(root, ".scratch", "ui-failures");

/** A test that opens an editor and trains takes a while on two busy cores; the limit is for a hang. Milliseconds. */
const LIMIT_MS = 480_000;

export interface Desk {
  t: TestContext;
  server: EditorServer;
  browser: Browser;
  /** Empty, the test's own; in the same clean home as everything of the file. */
  folder: string;
  open(workspace?: string): Promise<EditorWindow>;
}

type Body = (desk: Desk) => Promise<void>;

interface Options extends Pick<EditorOptions, "askForTrust" | "settings" | "environment" | "extensions"> {
  /** The package for systems that have no engine, in place of this one's. */
  withoutEngine?: true;
}

/**
 * Starts an editor with the packaged extension, and others where a test needs them, in a clean profile for all tests of a file, and returns what to define them with.
 * Every window, run and folder of a test is gone after it.
 */
export function editorTests(options: Options = {}): (name: string, body: Body) => void {
  let folder: string;
  let server: EditorServer;
  let browser: Browser;

  before(async () => {
    exitOnSignals();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "toolexpander-ui-")));
    server = await startEditor({
      ...options,
      editor: await installEditor(console.log),
      data: folder,
      home: path.join(folder, "home"),
      extensions: [options.withoutEngine ? packageFile(withoutEngine) : packageToTest(), ...(options.extensions ?? [])],
      idleSeconds: 120,
    });
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  return (name, body) =>
    test(name, { timeout: LIMIT_MS }, async (t) => {
      const own = mkdtempSync(path.join(folder, "test-"));
      const windows: EditorWindow[] = [];
      const open = async (workspace?: string): Promise<EditorWindow> => {
        const window = await EditorWindow.open(browser, server, workspace);
        windows.push(window);
        return window;
      };
      try {
        await body({ t, server, browser, folder: own, open });
      } catch (error) {
        for (const window of windows) t.diagnostic(`It showed: ${await window.summary()}`);
        t.diagnostic(`Pictures and logs: ${path.relative(root, await report(name, windows, folder, error))}`);
        throw error;
      } finally {
        for (const window of windows) await window.close();
        await endRuns(own, folder);
      }
    });
}

/** Leaves what the failure looked like, and what every process had to say. */
async function report(name: string, windows: EditorWindow[], data: string, error: unknown): Promise<string> {
  const place = path.join(failures, name.replace(/\W+/g, "-"));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, "error.txt"), error instanceof Error ? `${error.stack}\n` : String(error));
  for (const [index, window] of windows.entries()) {
    const picture = path.join(place, `window-${index + 1}.png`);
    await window.page.screenshot({ path: picture, timeout: 30_000 }).catch(() => {}); // its page may be what failed
    writeFileSync(path.join(place, `window-${index + 1}.console.txt`), window.console.join("\n"));
  }
  for (const file of readdirSync(data, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".log") || file.startsWith("home")) continue;
    cpSync(path.join(data, file), path.join(place, "logs", file.replaceAll(path.sep, "-")));
  }
  return place;
}

/** Runs outlive windows and the editor, as they should; a test's must not outlive the test. */
async function endRuns(folder: string, data: string): Promise<void> {
  const runs = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === RECORD_FILE)
    .map((file) => path.join(folder, path.dirname(file)));
  for (const run of runs) {
    await inHomeOf(data, async () => {
      const client = await connectToRun(run).catch(() => undefined);
      if (client === undefined) return;
      await client.stop().catch(() => {});
      await client.closed;
    });
  }
}

/** The token of a run lies in the home of whoever started it. */
export async function inHomeOf<T>(data: string, body: () => Promise<T>): Promise<T> {
  const { HOME, XDG_STATE_HOME } = process.env;
  process.env.HOME = path.join(data, "home");
  delete process.env.XDG_STATE_HOME;
  try {
    return await body();
  } finally {
    if (HOME !== undefined) process.env.HOME = HOME;
    else delete process.env.HOME;
    if (XDG_STATE_HOME !== undefined) process.env.XDG_STATE_HOME = XDG_STATE_HOME;
  }
}
