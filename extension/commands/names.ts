/** Every command of the extension. The type makes sure that each has a handler; a test, that the manifest has the same. */
export const commandNames = [
  "toolexpander.openWalkthrough",
  "toolexpander.practice",
  "toolexpander.openDocumentation",
  "toolexpander.createQuickstart",
  "toolexpander.startTraining",
  "toolexpander.debugTraining",
  "toolexpander.generateTrajectories",
  "toolexpander.pause",
  "toolexpander.resume",
  "toolexpander.stop",
  "toolexpander.pauseOnHard",
  "toolexpander.openRollouts",
  "toolexpander.openCurves",
  "toolexpander.compareRuns",
  "toolexpander.showEpisodes",
  "toolexpander.openSample",
  "toolexpander.showHardSamples",
  "toolexpander.showTrainingLog",
  "toolexpander.selectDevice",
  "toolexpander.chooseModel",
  "toolexpander.checkDevices",
  "toolexpander.installCudaSupport",
  "toolexpander.refreshRuns",
  "toolexpander.revealRun",
  "toolexpander.copyRunPath",
  "toolexpander.exportModel",
  "toolexpander.convertFile",
  "toolexpander.setDialect",
  "toolexpander.showReferences",
  "toolexpander.checkLargeFile",
  "toolexpander.clearLargeFiles",
  "toolexpander.editReplacement",
  "toolexpander.tryReplacement",
  "toolexpander.useReplacement",
  "toolexpander.promoteRollout",
  "toolexpander.backToAutomatic",
  "toolexpander.judgeHere",
  "toolexpander.stopJudging",
  "toolexpander.setJudgeKey",
  "toolexpander.forgetJudgeKey",
] as const;

export type CommandName = (typeof commandNames)[number];

/** The walkthrough, as the manifest names it. */
export const walkthrough = "firstSteps";

/** Views and view types, as the manifest names them. */
export const runsView = "toolexpander.runs";
export const hardSamplesView = "toolexpander.hardSamples";
export const curvesViewType = "toolexpander.curves";
export const compareViewType = "toolexpander.compare";
export const episodesViewType = "toolexpander.episodes";
export const rolloutsViewType = "toolexpander.rollouts";
export const replacementViewType = "toolexpander.replacement";
