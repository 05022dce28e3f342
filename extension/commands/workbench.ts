import type * as vscode from "vscode";
import type { LanguageSupport } from "../language/languageSupport.ts";
import type { LargeFileSupport } from "../largeFiles/largeFileSupport.ts";
import type { ReplacementSupport } from "../replacements/replacementSupport.ts";
import type { RolloutViews } from "../rollouts/rolloutViews.ts";
import type { Runs } from "../status/runs.ts";

/** What the commands work with. */
export interface Workbench {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  runs: Runs;
  rollouts: RolloutViews;
  language: LanguageSupport;
  largeFiles: LargeFileSupport;
  replacements: ReplacementSupport;
}
