import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "mocha";
import * as vscode from "vscode";

suite("activation", () => {
  const extension = () => {
    const found = vscode.extensions.all.find(({ id }) => id === "toolexpander.toolexpander");
    assert.ok(found, "the extension is not there");
    return found;
  };

  test("what is tested is the package, and not the checkout that it was made from", () => {
    const there = (file: string): boolean => existsSync(join(extension().extensionPath, file));
    assert.equal(there("dist/THIRD_PARTY_NOTICES.txt"), true);
    assert.deepEqual(["tsconfig.json", "server", "node_modules/typescript"].filter(there), []);
  });

  test("the extension activates", async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  test("every command of the manifest has its handler", async () => {
    await extension().activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest: { contributes?: { commands?: { command: string }[] } } = extension().packageJSON;
    const missing = (manifest.contributes?.commands ?? []).filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
