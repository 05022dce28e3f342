/** Loads the extension's modules with the stand-in for `vscode`. Import it before any of them. */
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const standIn = pathToFileURL(join(import.meta.dirname, "vscode.ts")).href;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === "vscode" ? standIn : specifier, context),
});

/** What a function of ours takes, of which a test has as much as is asked for. */
export const standing = <T>(value: object): T => value as T;
