/** Bundles beside the extension's own that are loaded when somebody needs them, so that nobody else pays for them. */
import { createRequire } from "node:module";
import type * as vscode from "vscode";

/** @param name of the bundle below dist (scripts/entries.ts): what it brings is what its source exports */
export function loadBundle<Bundle>(context: Pick<vscode.ExtensionContext, "asAbsolutePath">, name: string): Bundle {
  return createRequire(context.asAbsolutePath("dist/extension.cjs"))(`./${name}.cjs`);
}
