/** Registers every command. None fails silently: what goes wrong is shown, and what cannot be done says why. */
import * as vscode from "vscode";
import { showFailure } from "../failures.ts";
import { openDocumentation, openWalkthrough } from "../walkthrough/pages.ts";
import { chooseModel } from "./chooseModel.ts";
import { pauseOnHard, pauseRun, resumeRun, stopRun } from "./control.ts";
import { createQuickstart } from "./createQuickstart.ts";
import { checkDevices, selectDevice } from "./device.ts";
import { exportModel } from "./exportModel.ts";
import { generateTrajectories } from "./generate.ts";
import { openSample, showHardSamples } from "./hardSamples.ts";
import { installCudaSupport } from "./installCudaSupport.ts";
import { type CommandName, commandNames } from "./names.ts";
import { compareRuns, copyRunPath, openCurves, openRollouts, revealRun, showTrainingLog } from "./open.ts";
import { showEpisodes } from "./showEpisodes.ts";
import { startTraining } from "./start.ts";
import type { Workbench } from "./workbench.ts";

/** @param target a row of the tree, a file of the explorer, or nothing from the palette; `more`: what a code lens adds */
type Handler = (workbench: Workbench, target: unknown, more: unknown) => Promise<void>;

const handlers: Record<CommandName, Handler> = {
  "toolexpander.openWalkthrough": openWalkthrough,
  "toolexpander.practice": ({ practice }) => practice.open(),
  "toolexpander.openDocumentation": openDocumentation,
  "toolexpander.createQuickstart": createQuickstart,
  "toolexpander.startTraining": (workbench, target) => startTraining(workbench, target, { debug: false }),
  "toolexpander.debugTraining": (workbench, target) => startTraining(workbench, target, { debug: true }),
  "toolexpander.generateTrajectories": generateTrajectories,
  "toolexpander.pause": pauseRun,
  "toolexpander.resume": resumeRun,
  "toolexpander.stop": stopRun,
  "toolexpander.pauseOnHard": pauseOnHard,
  "toolexpander.openRollouts": openRollouts,
  "toolexpander.openCurves": openCurves,
  "toolexpander.compareRuns": compareRuns,
  "toolexpander.showEpisodes": showEpisodes,
  "toolexpander.openSample": openSample,
  "toolexpander.showHardSamples": showHardSamples,
  "toolexpander.showTrainingLog": showTrainingLog,
  "toolexpander.selectDevice": selectDevice,
  "toolexpander.chooseModel": chooseModel,
  "toolexpander.checkDevices": checkDevices,
  "toolexpander.installCudaSupport": installCudaSupport,
  "toolexpander.refreshRuns": async ({ runs }) => {
    await runs.look();
  },
  "toolexpander.revealRun": revealRun,
  "toolexpander.copyRunPath": copyRunPath,
  "toolexpander.exportModel": exportModel,
  "toolexpander.convertFile": ({ language }, ...args) => language.commands.convertFile(language, ...args),
  "toolexpander.setDialect": ({ language }, ...args) => language.commands.setDialect(language, ...args),
  "toolexpander.showReferences": ({ language }, ...args) => language.commands.showReferences(language, ...args),
  "toolexpander.checkLargeFile": ({ largeFiles }, target) => largeFiles.check(target),
  "toolexpander.clearLargeFiles": ({ largeFiles }) => largeFiles.clear(),
  "toolexpander.editReplacement": ({ replacements }, ...args) => replacements.editors.edit(...args),
  "toolexpander.tryReplacement": ({ replacements }) => replacements.editors.try(),
  "toolexpander.useReplacement": ({ replacements }) => replacements.editors.use(),
  "toolexpander.promoteRollout": ({ replacements }, target) => replacements.editors.promote(target),
  "toolexpander.backToAutomatic": ({ replacements }, target) => replacements.editors.backToAutomatic(target),
  "toolexpander.judgeHere": ({ judges }) => judges.judging.judgeHere(),
  "toolexpander.stopJudging": ({ judges }) => judges.judging.stopJudging(),
  "toolexpander.setJudgeKey": ({ judges }) => judges.judging.setKey(),
  "toolexpander.forgetJudgeKey": ({ judges }) => judges.judging.forgetKey(),
};

export function registerCommands(workbench: Workbench): vscode.Disposable {
  const registered = commandNames.map((name) =>
    vscode.commands.registerCommand(name, async (target: unknown, more: unknown) => {
      try {
        await handlers[name](workbench, target, more);
      } catch (error) {
        showFailure(error, workbench.log);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
