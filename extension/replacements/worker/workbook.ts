/** What an edit is read against: the experiment that its folder belongs to, with its samples, tools and tokenizer. */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Demonstration, Sample } from "../../../schemas/samples.ts";
import { experimentsNear } from "../../../server/language/workspace/experiments.ts";
import { cacheFolder } from "../../../server/prompts/modelCache.ts";
import type { PromptRenderer } from "../../../server/prompts/promptRenderer.ts";
import { loadCatalog, type ToolMap } from "../../../server/toolcalls/catalog.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { homesOfRun, liesWithin } from "../../../server/toolcalls/project.ts";
import { loadDemonstrations, loadSamples } from "../../../server/toolcalls/samples.ts";
import { type FoundRun, findRuns } from "../../../server/training/client/discover.ts";
import { loadRenderer } from "../../../server/training/dataset.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";

export interface Workbook {
  experiment: ResolvedExperiment;
  tools: ToolMap;
  samples: ReadonlyMap<string, Sample>;
  demonstrations: readonly Demonstration[];
  /** Reading a tokenizer takes longer than all the rest, so it waits until a prompt is shown. @throws InputError */
  renderer(): PromptRenderer;
}

/** The newest run whose edits lie in the folder; undefined where there is none. */
export function newestRun(replacements: string): FoundRun | undefined {
  const around = dirname(replacements);
  const folders = new Set([join(around, "runs")]);
  for (const { file } of experimentsNear([join(around, "experiment.json")])) {
    if (dirname(file) !== around) continue;
    try {
      folders.add(resolveExperiment(file, {}).runs);
    } catch (error) {
      // What is wrong with the experiment is told where it is needed; its runs may lie where they lie by default.
      if (!(error instanceof InputError)) throw error;
    }
  }
  return findRuns([...folders]).find(({ record }) => record.experiment.replacements === replacements);
}

/**
 * The experiment of the newest run, whose settings may differ from the file's; without a run, that of the first experiment
 * file beside the folder that has the sample.
 *
 * @throws InputError where there is none, or the only one is at fault
 */
export class Workbooks {
  #kept: { key: string; workbook: Workbook } | undefined;

  of(replacements: string, sample: string, run: FoundRun | undefined): Workbook {
    if (run) return this.#open(ownExperiment(run));
    const around = dirname(replacements);
    const files = experimentsNear([join(around, "experiment.json")])
      .map(({ file }) => file)
      .filter((file) => dirname(file) === around);
    let first: Workbook | undefined;
    let fault: unknown;
    for (const file of files) {
      try {
        const workbook = this.#open(resolveExperiment(file, {}));
        if (workbook.samples.has(sample)) return workbook;
        first ??= workbook;
      } catch (error) {
        fault ??= error;
      }
    }
    if (first) return first;
    if (fault !== undefined) throw fault;
    throw new InputError("There is no experiment beside this folder, so the samples of its edits are not known.", {
      file: replacements,
    });
  }

  #open(experiment: ResolvedExperiment): Workbook {
    const key = stampOf(experiment);
    if (this.#kept?.key === key) return this.#kept.workbook;
    const tools = loadCatalog(experiment.tools);
    const samples = new Map(loadSamples(experiment.train, tools).map((sample) => [sample.id, sample]));
    const demonstrations =
      experiment.demonstrations === undefined ? [] : loadDemonstrations(experiment.demonstrations, tools);
    let renderer: PromptRenderer | undefined;
    const workbook: Workbook = {
      experiment,
      tools,
      samples,
      demonstrations,
      renderer: () => (renderer ??= loadRenderer(experiment, tools).renderer),
    };
    this.#kept = { key, workbook };
    return workbook;
  }
}

/**
 * That of the record, which may have come with its folder, and is looked at before anybody trusts it.
 * @throws InputError where it names what lies outside of the run's project
 */
function ownExperiment({ folder, record: { experiment } }: FoundRun): ResolvedExperiment {
  const homes = [...homesOfRun(folder), cacheFolder()];
  const { model, tools, train, demonstrations } = experiment;
  for (const path of [model, ...tools, train, demonstrations])
    if (path !== undefined && !liesWithin(homes, path))
      throw new InputError(
        `"${plain(path, 300)}" lies outside of the run's project; allow its folder (toolexpander.allowedFolders).`,
        { file: folder },
      );
  return experiment;
}

/** Changes with every file that was read and every setting that counts. */
function stampOf({ model, tools, train, demonstrations, settings }: ResolvedExperiment): string {
  const files = [join(model, "tokenizer.json"), join(model, "tokenizer_config.json"), ...tools, train];
  if (demonstrations !== undefined) files.push(demonstrations);
  const stamps = files.map((file) => {
    const status = statSync(file, { throwIfNoEntry: false });
    return `${file}:${status?.mtimeMs}:${status?.size}`;
  });
  return JSON.stringify([stamps, settings.prompt, settings.toolPrompt, settings.lengths.prompt]);
}
