import type * as vscode from "vscode";
import type { DeviceChecks } from "../devices/deviceChecks.ts";
import type { GenerationSupport } from "../generating/generationSupport.ts";
import type { HardSampleTree } from "../hardSamples/hardSampleTree.ts";
import type { JudgeSupport } from "../judging/judgeSupport.ts";
import type { LanguageSupport } from "../language/languageSupport.ts";
import type { LargeFileSupport } from "../largeFiles/largeFileSupport.ts";
import type { ReplacementSupport } from "../replacements/replacementSupport.ts";
import type { Runs } from "../status/runs.ts";
import type { ViewSupport } from "../views/viewSupport.ts";
import type { Practice } from "../walkthrough/practice.ts";

/** What the commands work with. */
export interface Workbench {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  runs: Runs;
  views: ViewSupport;
  devices: DeviceChecks;
  hardSamples: HardSampleTree;
  language: LanguageSupport;
  largeFiles: LargeFileSupport;
  replacements: ReplacementSupport;
  judges: JudgeSupport;
  generation: GenerationSupport;
  practice: Practice;
}
