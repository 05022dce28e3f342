/**
 * Runs the suites in the extension host of the VS Code that is served to a browser, with the extension installed from its package. What is
 * "developed" there is an extension without anything in it: VS Code runs suites for such a one alone.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openBrowser } from "../../../scripts/editor/browser.ts";
import { installEditor } from "../../../scripts/editor/install.ts";
import { startEditor } from "../../../scripts/editor/server.ts";
import type { HostRun } from "./hostSuites.ts";

export async function runServed({ entry, vsix, workspace, data, environment, patience }: HostRun): Promise<string> {
  const developed = path.join(data, "developed");
  mkdirSync(developed);
  const manifest = { name: "nothing", publisher: "toolexpander-tests", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(path.join(developed, "package.json"), JSON.stringify(manifest));
  await using server = await startEditor({
    editor: await installEditor(console.log),
    data,
    home: path.join(data, "home"),
    environment,
    extensions: [vsix],
    // In a browser the editor saves by itself, and a suite would find what another one has written.
    settings: { "files.autoSave": "off" },
    testDriver: true,
    idleSeconds: 120,
  });
  const remote = (file: string) => `vscode-remote://${new URL(server.address).host}${file}`;
  const payload = JSON.stringify([
    ["extensionDevelopmentPath", remote(developed)],
    ["extensionTestsPath", remote(entry)],
  ]);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const exit = Promise.withResolvers<number>();
    let log = "";
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
      log += `${type}: ${args.map(String).join(" ")}\n`;
    });
    await page.exposeFunction("codeAutomationExit", (code: number) => exit.resolve(code));
    await page.goto(server.window(workspace, { payload }));
    const late = AbortSignal.timeout(patience);
    late.addEventListener("abort", () => exit.reject(new Error(`The suites did not end within ${patience / 1000} s.`)));
    await exit.promise.catch((error: Error) => {
      throw new Error(`${error.message}\n${log}\n${server.log()}`);
    });
    return `${log}\n${server.log()}`;
  } finally {
    await browser.close();
  }
}
