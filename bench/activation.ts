/** How long the packaged extension takes to activate in a real editor, as the editor itself tells: its code is read and run. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { installEditor } from "../scripts/editor/install.ts";
import { startEditor } from "../scripts/editor/server.ts";
import { copyWorkspace } from "../scripts/editor/workspace.ts";
import { EditorWindow } from "../test/editor/support/window.ts";
import { root } from "../test/sources.ts";

const ACTIVATION = /Activation: (\d+)\s*ms/;

/**
 * Milliseconds of each activation; every one is in a new window, and so in a new extension host.
 * @param extension the package to install
 */
export async function measureActivation(browser: Browser, extension: string, windows: number): Promise<number[]> {
  const data = realpathSync(mkdtempSync(join(tmpdir(), "toolexpander-activation-")));
  const workspace = join(data, "quickstart");
  copyWorkspace(join(root, "examples", "quickstart"), workspace);
  try {
    const editor = await installEditor(console.error);
    await using server = await startEditor({ editor, data, home: join(data, "home"), extensions: [extension] });
    const milliseconds: number[] = [];
    while (milliseconds.length < windows) {
      const window = await EditorWindow.open(browser, server, workspace);
      await window.run("Developer: Show Running Extensions");
      const row = window.page.locator(".runtime-extensions-editor .extension", { hasText: "ToolExpander" });
      const told = await row.getByText(ACTIVATION).innerText();
      milliseconds.push(Number(ACTIVATION.exec(told)?.[1]));
      await window.close();
    }
    return milliseconds;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
