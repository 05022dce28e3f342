/** What each command does, in a sentence: the manifest has only titles. The type makes sure that none is left out. */
import type { CommandName } from "../../extension/commands/names.ts";

export const commandTexts: Record<CommandName, string> = {
  "toolexpander.openWalkthrough":
    "Opens the walkthrough: five steps from nothing to a hard sample that you have edited.",
  "toolexpander.practice":
    "Opens a tool with one mistake in it, to see how it is told and mended. Nothing of yours is touched.",
  "toolexpander.openDocumentation": "Opens these pages, as they ship with the installed version.",
  "toolexpander.createQuickstart": "Copies the quickstart into a folder of yours and opens it.",
  "toolexpander.startTraining": "Checks the experiment's files and starts a run that outlives the window.",
  "toolexpander.debugTraining":
    "Starts a run under the debugger, which stops at breakpoints of a reward or of tool functions of your own.",
  "toolexpander.generateTrajectories":
    "Writes the trajectories that an experiment over questions learns from; stopped, the same command goes on with them.",
  "toolexpander.pause": "Holds the run between two calls of its engine; its process and its memory stay.",
  "toolexpander.resume":
    "Goes on with a run that is paused; with one that was stopped or cut off, from its newest checkpoint.",
  "toolexpander.stop": "Takes a checkpoint and ends the run's process.",
  "toolexpander.pauseOnHard":
    "Pauses the run where a probe finds its next hard sample, once; a second time takes the wish back.",
  "toolexpander.openRollouts":
    "The rollout view: every group of completions, with its prompt, each reward part's reason and its tokens by probability.",
  "toolexpander.showEpisodes":
    "Episodes turn by turn, of a run or of a file of trajectories: thought, candidates with their scores, action, observation, reward.",
  "toolexpander.openCurves": "Reward, accuracy, hard rows, entropy and the like by step; other runs laid over it.",
  "toolexpander.compareRuns":
    "Two runs or more: what differs in their configuration, results in pairs with intervals, rows that one alone solves.",
  "toolexpander.openSample": "The rollouts of one sample over the rounds.",
  "toolexpander.showHardSamples": "The tree of samples that no rollout solves, by tool, with what stands in for each.",
  "toolexpander.showTrainingLog": "The log of the run's process, at its end.",
  "toolexpander.selectDevice": "What computes the next run; Automatic says what it would take here, and why.",
  "toolexpander.chooseModel": "The model of an experiment: one that the Hugging Face cache holds, or a folder.",
  "toolexpander.checkDevices":
    "Tests CPU, WebGPU and CUDA in processes of their own, and names what is missing for those that do not work.",
  "toolexpander.installCudaSupport":
    "Says what CUDA support would fetch, from whom and where to, and fetches it after a yes.",
  "toolexpander.refreshRuns": "Looks for experiments and runs again.",
  "toolexpander.revealRun": "Shows the run's folder in the explorer.",
  "toolexpander.copyRunPath": "Copies the path of the run's folder.",
  "toolexpander.exportModel":
    "The policy of a run's newest checkpoint in a folder of its own: a model directory, PEFT's adapter, or ONNX.",
  "toolexpander.convertFile":
    "Shows the open file in another dialect beside it, says what would be lost, and replaces its content after a yes.",
  "toolexpander.setDialect": "Names the dialect of the open file where it is not detected rightly.",
  "toolexpander.showReferences": "Where the tool or the parameter at the caret is used, in all files of the workspace.",
  "toolexpander.checkLargeFile": "Checks a file above 50 MB, which the editor gives to no extension, from disk.",
  "toolexpander.clearLargeFiles": "Forgets what was found in large files.",
  "toolexpander.editReplacement":
    "Opens the replacement editor on a hard sample: what stands in its place, yours to change.",
  "toolexpander.tryReplacement":
    "Draws rollouts of the edit on the live run's policy, beside what the algorithm would put.",
  "toolexpander.useReplacement": "Saves the edit and hands it to the run, which takes it at the sample's next draw.",
  "toolexpander.promoteRollout": "Makes a correct rollout a demonstration for other samples.",
  "toolexpander.backToAutomatic": "Deletes a hand edit: the run chooses for itself again.",
  "toolexpander.judgeHere":
    "Lets a language model of this editor score the actions of trajectories that wait for a judge.",
  "toolexpander.stopJudging": "Takes that offer back.",
  "toolexpander.setJudgeKey":
    "Keeps the key of an endpoint that judges in the editor's secret storage, for that host alone.",
  "toolexpander.forgetJudgeKey": "Removes such a key.",
};
