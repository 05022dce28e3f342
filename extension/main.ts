/** The extension: what is made when it is activated, and who gets what. */
import * as vscode from "vscode";
import { tellAllowedFolders } from "./allowedFolders.ts";
import { registerCommands } from "./commands/register.ts";
import { engineIsHere } from "./commands/requirements.ts";
import { DeviceChecks } from "./devices/deviceChecks.ts";
import { inBackground } from "./failures.ts";
import { GenerationSupport } from "./generating/generationSupport.ts";
import { HardSampleTree } from "./hardSamples/hardSampleTree.ts";
import { JudgeSupport } from "./judging/judgeSupport.ts";
import { LanguageSupport } from "./language/languageSupport.ts";
import { LargeFileSupport } from "./largeFiles/largeFileSupport.ts";
import { ReplacementSupport } from "./replacements/replacementSupport.ts";
import { Notices } from "./status/notices.ts";
import { Runs } from "./status/runs.ts";
import { RunTree } from "./status/runTree.ts";
import { StatusBar } from "./status/statusBar.ts";
import { ViewSupport } from "./views/viewSupport.ts";
import { Practice } from "./walkthrough/practice.ts";
import { alarm } from "./window.ts";

/** What other extensions and tests may use. */
export interface ToolExpander {
  readonly runs: Pick<Runs, "list" | "onDidChange" | "look">;
  readonly language: Pick<LanguageSupport, "serverId">;
}

export function activate(context: vscode.ExtensionContext): ToolExpander {
  const began = performance.now();
  const log = vscode.window.createOutputChannel("ToolExpander", { log: true });
  context.subscriptions.push(log, tellAllowedFolders());
  try {
    const api = start(context, log);
    log.info(`Activated in ${(performance.now() - began).toFixed(1)} ms`);
    return api;
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    const showLog = vscode.l10n.t("Show Log");
    const why = error instanceof Error ? error.message : String(error);
    void alarm(vscode.l10n.t("ToolExpander could not be activated: {0}", why), showLog).then((chosen) => {
      if (chosen === showLog) log.show();
    });
    throw error;
  }
}

function start(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ToolExpander {
  const runs = new Runs(context, log);
  const language = new LanguageSupport(context, log, runs);
  const parts = {
    runs,
    views: new ViewSupport(context, log, runs),
    devices: new DeviceChecks(runs),
    hardSamples: new HardSampleTree(runs),
    language,
    largeFiles: new LargeFileSupport(context, log),
    replacements: new ReplacementSupport(context, log, runs, language),
    judges: new JudgeSupport(context, log, runs),
    generation: new GenerationSupport(context, log),
    practice: new Practice(context),
  };
  context.subscriptions.push(
    ...Object.values(parts),
    registerCommands({ context, log, ...parts }),
    new RunTree(runs),
    new StatusBar(runs),
    new Notices(runs),
  );
  void vscode.commands.executeCommand("setContext", "toolexpander.noEngine", !engineIsHere(context));
  inBackground(runs.look(), log);
  return { runs, language };
}
