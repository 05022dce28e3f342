import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import { until } from "../support/until.ts";

suite("devices", () => {
  test("Check Devices shows what was found, device by device, in a document", async function () {
    this.timeout(180_000);
    await vscode.commands.executeCommand("toolexpander.checkDevices");
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, "toolexpander-devices");
    assert.equal(document.languageId, "markdown");
    await until("the choice", 60_000, () => document.getText().includes('"device": "auto"'));
    assert.match(document.getText(), /^## CPU works$/m);
    for (const name of ["WebGPU", "CUDA"]) assert.match(document.getText(), new RegExp(`^## ${name} `, "m"));
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });
});
