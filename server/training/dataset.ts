/** The rows of an experiment, checked and rendered. Everything a user may have got wrong in them is found here, before a run begins. */
import { setImmediate as turn } from "node:timers/promises";
import type { ResolvedExperiment, Settings } from "../../schemas/experiment.ts";
import { InputError } from "../../schemas/problem.ts";
import type { Sample } from "../../schemas/samples.ts";
import { checkPromptBudget, checkTargetBudget, fitsPromptBudget } from "../prompts/budget.ts";
import { notesOf } from "../prompts/chat.ts";
import type { Chat } from "../prompts/chatTemplate.ts";
import { loadChat } from "../prompts/loadChat.ts";
import { PromptRenderer, type Rendered } from "../prompts/promptRenderer.ts";
import { freeStyle } from "../prompts/promptStyles.ts";
import type { Tokenizer } from "../prompts/tokenizer.ts";
import { loadCatalog, type ToolMap } from "../toolcalls/catalog.ts";
import { loadDemonstrations, loadSamples } from "../toolcalls/samples.ts";
import type { Judge } from "./judge.ts";
import { ForgottenIncidents, type RewardIncidents } from "./ownReward/incidents.ts";
import { judgeOf, tellUnsatisfiable } from "./rewardOf.ts";
import type { Dataset, Lesson, Row } from "./rows.ts";

/** Rows that are rendered before the process looks at its messages again. */
const AT_ONCE = 50;

/**
 * Reads catalogs, samples and the model's tokenizer, and renders every prompt.
 *
 * @param incidents where failures of the reward go, and what is known of earlier ones; undefined where the data is only checked: then
 * nothing is judged, and a researcher's own reward is not even loaded
 * @throws InputError on the first fault: a missing or malformed file, a prompt over its budget, fewer rows than a step takes
 */
export async function loadDataset(experiment: ResolvedExperiment, incidents?: RewardIncidents): Promise<Dataset> {
  const { settings } = experiment;
  const tools = loadCatalog(experiment.tools);
  const { tokenizer, renderer, chat } = loadRenderer(experiment, tools);
  const demonstrations =
    experiment.demonstrations === undefined ? [] : loadDemonstrations(experiment.demonstrations, tools);
  const train = await loadRows(experiment.train, tools, renderer, settings);
  if (train.length < settings.sampling.promptsPerStep) {
    throw new InputError(
      `A step draws ${settings.sampling.promptsPerStep} different rows and there are only ${train.length}. Lower settings.sampling.promptsPerStep or add rows.`,
      { file: experiment.train },
    );
  }
  if (experiment.preset === "sft") await checkTargets(experiment.train, train, renderer, settings.lengths.response);
  const heldOut = experiment.heldOut === undefined ? [] : await loadRows(experiment.heldOut, tools, renderer, settings);
  if (incidents !== undefined) {
    tellUnsatisfiable(experiment, experiment.train, train, tools, incidents);
    if (experiment.heldOut !== undefined) tellUnsatisfiable(experiment, experiment.heldOut, heldOut, tools, incidents);
  }
  return {
    train,
    heldOut,
    tools,
    demonstrations,
    fewShotPrompt: (sample, shown) => {
      const prompt = renderer.prompt(sample, shown);
      return fitsPromptBudget(prompt.tokens.length, settings.lengths.prompt) ? prompt : undefined;
    },
    lessons: { count: train.length, at: (index) => lessonOf(train[index], renderer) },
    steps: settings.steps,
    notes: notesFor(experiment, chat),
    judge: incidents === undefined ? judgesNothing : await judgeOf(experiment, tokenizer, tools, incidents),
    judgeApart: () => judgeOf(experiment, tokenizer, tools, new ForgottenIncidents()),
  };
}

function lessonOf(row: Row | undefined, renderer: PromptRenderer): Lesson {
  if (row === undefined) throw new RangeError("There is no such row");
  return { prompt: row.prompt.tokens, target: renderer.target(row.sample).tokens };
}

const judgesNothing: Judge = () => Promise.reject(new Error("The data was only checked"));

/** Held-out rows alone, for an evaluation without training. Errors as loadDataset. */
export async function loadHeldOut(
  experiment: ResolvedExperiment,
  incidents: RewardIncidents = new ForgottenIncidents(),
): Promise<Pick<Dataset, "heldOut" | "notes" | "judge">> {
  if (experiment.heldOut === undefined) {
    throw new InputError("There are no held-out samples to evaluate on; name them under heldOut.", {
      file: experiment.file,
      key: "heldOut",
    });
  }
  const tools = loadCatalog(experiment.tools);
  const { tokenizer, renderer, chat } = loadRenderer(experiment, tools);
  return {
    heldOut: await loadRows(experiment.heldOut, tools, renderer, experiment.settings),
    notes: notesFor(experiment, chat),
    judge: await judgeOf(experiment, tokenizer, tools, incidents),
  };
}

/** A style with a form of its own asks the template for none. */
const notesFor = ({ settings }: ResolvedExperiment, chat: Chat): string[] =>
  freeStyle(settings.prompt) === undefined ? notesOf(chat, settings.toolPrompt) : [];

/** @throws InputError where the model's tokenizer or template cannot be used */
export function loadRenderer(
  { model, settings }: Pick<ResolvedExperiment, "model"> & { settings: Pick<Settings, "prompt" | "toolPrompt"> },
  tools: ToolMap,
): { tokenizer: Tokenizer; renderer: PromptRenderer; chat: Chat } {
  const { tokenizer, chat } = loadChat(model, settings.toolPrompt);
  return { tokenizer, chat, renderer: new PromptRenderer(tokenizer, chat, tools, settings.prompt) };
}

async function loadRows(
  file: string,
  tools: ToolMap,
  renderer: PromptRenderer,
  { lengths }: Pick<Settings, "lengths">,
): Promise<Row[]> {
  const samples = loadSamples(file, tools);
  const prompts = await renderAll(samples, (sample) => renderer.prompt(sample));
  checkPromptBudget(file, counted(samples, prompts), lengths.prompt);
  return samples.map((sample, index) => ({ index, sample, prompt: prompts[index] as Rendered }));
}

async function checkTargets(
  file: string,
  rows: readonly Row[],
  renderer: PromptRenderer,
  budget: number,
): Promise<void> {
  const samples = rows.map(({ sample }) => sample);
  const targets = await renderAll(samples, (sample) => renderer.target(sample));
  checkTargetBudget(file, counted(samples, targets), budget);
}

function counted(samples: readonly Sample[], rendered: readonly Rendered[]): { id: string; tokens: number }[] {
  return samples.map(({ id }, index) => ({ id, tokens: (rendered[index] as Rendered).tokens.length }));
}

/** Renders in small portions: a server that prepares a large data set still answers its clients. */
async function renderAll(samples: readonly Sample[], render: (sample: Sample) => Rendered): Promise<Rendered[]> {
  const rendered: Rendered[] = [];
  for (const sample of samples) {
    rendered.push(render(sample));
    if (rendered.length % AT_ONCE === 0) await turn();
  }
  return rendered;
}
