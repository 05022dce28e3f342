/** The course of every run around its steps: look at the policy before the first and after the last, and hand it over. */
import { join } from "node:path";
import type { Settings } from "../../schemas/experiment.ts";
import type { Moment } from "../../schemas/protocol.ts";
import type { Run } from "./context.ts";
import { probe } from "./curriculum/probe.ts";
import { evaluateEpisodes } from "./episodes/evaluateEpisodes.ts";
import { evaluate } from "./evaluate.ts";
import { pieces } from "./sampling.ts";
import { writtenFolder } from "./writtenFolder.ts";

/** Folder of the trained policy inside the run folder, a Hugging Face model directory. */
export const MODEL_FOLDER = "model";
/** Folder of the trained adapter alone, a PEFT adapter directory. */
export const ADAPTER_FOLDER = "adapter";

/**
 * A whole run: what comes before its first step, the steps that are left, what comes after the last.
 * Throws Stopped where a person ends it early, EngineLost where the engine died.
 *
 * @param takeStep takes one step, records it, and sets `progress.step`
 */
export async function course(run: Run, takeStep: (run: Run, step: number) => Promise<void>): Promise<void> {
  await begin(run);
  await settle(run);
  while (run.progress.step < run.data.steps) {
    await takeStep(run, run.progress.step + 1);
    await settle(run);
  }
  await conclude(run);
}

/** Held-out accuracy: of completions, or of episodes that the policy plays. */
function look(run: Run, moment: Moment): Promise<void> {
  const { episodes } = run.data;
  return episodes ? evaluateEpisodes(run, episodes, moment) : evaluate(run, moment);
}

/** Held-out accuracy and hard rows of the policy before its first step. A checkpoint keeps them, so that no resume does them again. */
async function begin(run: Run): Promise<void> {
  const { progress } = run;
  if (progress.begun) return;
  recordStored(run);
  await look(run, "before");
  const probed = run.experiment.settings.probe.before ? await probe(run, "before") : undefined;
  if (probed) progress.curriculum.adopt(probed.book);
  progress.begun = true;
  await run.saveCheckpoint();
}

/** Episodes that are stored in one transaction. */
const AT_ONCE = 100;

/** The data set as the run learns it, where it is of episodes. */
function recordStored({ data, recorder }: Run): void {
  for (const piece of pieces(data.episodes?.episodes ?? [], AT_ONCE)) {
    const records = piece.map(({ record }) => record);
    recorder.episodes("stored", 0, records);
  }
}

/** After a step: the evaluation and the checkpoint that are due. The checkpoint comes last, so that it vouches for all before it. */
async function settle(run: Run): Promise<void> {
  const { progress } = run;
  const { evaluation, checkpoints } = run.experiment.settings;
  const { steps } = run.data;
  const between = progress.step > 0 && progress.step < steps;
  const due = between && evaluation.every > 0 && progress.step % evaluation.every === 0;
  if (due && progress.evaluated < progress.step) {
    await look(run, "between");
    progress.evaluated = progress.step;
  }
  if (!between || progress.step % checkpoints.every === 0) await run.saveCheckpoint();
}

/** Hard rows and held-out accuracy of the trained policy, and the policy itself as a model directory. */
async function conclude(run: Run): Promise<void> {
  if (run.experiment.settings.probe.after) await probe(run, "after");
  await look(run, "after");
  await run.control.gate();
  run.recorder.activity("exporting");
  await exportPolicy(run);
}

/** The trained policy, its adapter, or both, as the settings want it. */
async function exportPolicy({ folder, engine, experiment }: Run): Promise<void> {
  const folders = exportedFolders(experiment.settings);
  if (folders.includes(MODEL_FOLDER)) {
    await writtenFolder(join(folder, MODEL_FOLDER), (dir) => engine.exportModel(dir, "f32"));
  }
  if (folders.includes(ADAPTER_FOLDER)) {
    await writtenFolder(join(folder, ADAPTER_FOLDER), (dir) => engine.exportAdapter(dir));
  }
}

/** Folders inside the run folder that a run with these settings leaves its policy in. */
export function exportedFolders({ adapter }: Pick<Settings, "adapter">): string[] {
  if (adapter.kind === "none" || adapter.export === "model") return [MODEL_FOLDER];
  return adapter.export === "adapter" ? [ADAPTER_FOLDER] : [MODEL_FOLDER, ADAPTER_FOLDER];
}
