/** Files that a researcher writes, or takes from others: tools, rows of every kind, experiments, hand edits, records of runs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Sample } from "../../../schemas/samples.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { loadCatalog, type ToolMap } from "../../../server/toolcalls/catalog.ts";
import { readReplacement } from "../../../server/toolcalls/replacements.ts";
import { rowHash } from "../../../server/toolcalls/rowHash.ts";
import { loadDemonstrations, loadSamples } from "../../../server/toolcalls/samples.ts";
import { loadQuestions } from "../../../server/training/episodes/questions.ts";
import { loadResults } from "../../../server/training/episodes/results.ts";
import { resolveExperiment } from "../../../server/training/experiment.ts";
import { createRun } from "../../../server/training/newRun.ts";
import { readTrajectories } from "../../../server/training/spark/readTrajectories.ts";
import { planSweep } from "../../../server/training/sweep/plan.ts";
import { writeEpisodes } from "../../../server/training/testing/episodeWorkspace.ts";
import { generated } from "../../../server/training/testing/generation.ts";
import { writeWorkspace } from "../../../server/training/testing/workspace.ts";
import { root } from "../../sources.ts";
import type { Target } from "../target.ts";
import {
  bytesOf,
  exampleLines,
  exampleText,
  jsonBytes,
  linesOf,
  ofFile,
  quickstartCatalogs,
  textOf,
  timeless,
} from "./support.ts";

const quickstart = (): ToolMap => loadCatalog(quickstartCatalogs());
const episodes = (): ToolMap => loadCatalog([join(root, "examples", "episodes", "house.tools.json")]);

const tools: Target = {
  name: "tools",
  weight: 8,
  seeds: () =>
    quickstartCatalogs().flatMap((file) => {
      const all: unknown[] = JSON.parse(readFileSync(file, "utf8"));
      return [all.slice(0, 1), all.slice(-3)].map(jsonBytes);
    }),
  open: (folder) => ({ read: ofFile(folder, "a.tools.json", (file) => void loadCatalog([file])) }),
};

const samples: Target = {
  name: "samples",
  weight: 8,
  seeds: () => exampleLines("quickstart/train.samples.jsonl", { seeds: 30, lines: 2 }),
  open(folder) {
    const known = quickstart();
    return { read: ofFile(folder, "a.samples.jsonl", (file) => void loadSamples(file, known)) };
  },
};

const demonstrations: Target = {
  name: "demonstrations",
  weight: 8,
  seeds: () => exampleLines("quickstart/quickstart.demos.jsonl", { seeds: 20, lines: 2 }),
  open(folder) {
    const known = quickstart();
    return { read: ofFile(folder, "a.demos.jsonl", (file) => void loadDemonstrations(file, known)) };
  },
};

const questions: Target = {
  name: "questions",
  weight: 7,
  seeds: () => exampleLines("episodes/train.questions.jsonl", { seeds: 30, lines: 2 }),
  open(folder) {
    const known = episodes();
    return { read: ofFile(folder, "a.questions.jsonl", (file) => void loadQuestions(file, known)) };
  },
};

const results: Target = {
  name: "results",
  weight: 5,
  seeds() {
    const names = [...episodes().keys()];
    const recorded = names.map((name, index) => ({
      call: { name, arguments: { room: "kitchen", amount: index, nested: { at: [index, null] } } },
      result: { text: `it is ${index}`, at: [1, 2.5, null, "°"] },
    }));
    return recorded.map((one, index) => bytesOf(linesOf([one, recorded[(index + 1) % recorded.length]])));
  },
  open(folder) {
    const known = episodes();
    return { read: ofFile(folder, "a.results.jsonl", (file) => void loadResults(file, known)) };
  },
};

const trajectories: Target = {
  name: "trajectories",
  weight: 6,
  async seeds(folder) {
    const experiment = resolveExperiment(writeEpisodes(folder), {});
    await generated(experiment);
    const [header, ...lines] = readFileSync(experiment.trajectories ?? "", "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => bytesOf(`${header}\n${line}\n`));
  },
  open: (folder) => ({ read: ofFile(folder, "a.trajectories.jsonl", (file) => void readTrajectories(file)) }),
};

const experiment: Target = {
  name: "experiment",
  weight: 8,
  seeds(folder) {
    const own: Record<string, unknown> = JSON.parse(readFileSync(writeWorkspace(folder), "utf8"));
    const others = ["quickstart/experiment.json", "episodes/experiment.json", "sweeps/methods.experiment.json"];
    return [
      own,
      ...others.map((file) => {
        const { settings, preset, sweep, scale } = JSON.parse(exampleText(file));
        return { ...own, settings, preset, sweep, scale };
      }),
      {
        ...own,
        settings: { reward: "./own.mjs", adapter: { kind: "lora" }, spark: { judge: { kind: "exact" } } },
        initialAdapter: "model",
      },
    ].map(jsonBytes);
  },
  open(folder) {
    writeWorkspace(folder, { files: { "own.mjs": "export default () => 1;\n" } });
    return {
      read: ofFile(folder, "experiment.json", (file) => {
        const { sweep } = safely(() => JSON.parse(readFileSync(file, "utf8"))) ?? {};
        // A plan resolves the file once for each of its runs.
        if (sweep !== undefined && sweep !== null) planSweep(file, {});
        else resolveExperiment(file, {});
      }),
    };
  },
};

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const replacements: Target = {
  name: "replacements",
  weight: 8,
  seeds() {
    const [row, ...others] = rows();
    const other = others.find(
      ({ answer }) => answer.length > 0 && answer.every(({ name }) => row.tools.includes(name)),
    );
    if (other === undefined) throw new Error("No other row uses the tools of the first");
    const common = { sample: row.id, row: rowHash(row), original: row, note: "why" };
    const history = [{ at: "2026-01-31T12:00:00Z", by: "me", why: "it was hard", run: "r", step: 3 }];
    const shown = [{ query: other.query, thought: "So.", calls: other.answer }];
    return [
      { ...common, history, action: "fewshot", scope: "always", demonstrations: shown },
      { ...common, action: "exclude", scope: "whileHard" },
      { ...common, history, action: "fixGold", scope: "always", gold: other.answer },
    ].map(jsonBytes);
  },
  open() {
    const known = quickstart();
    const context = { tools: known, samples: new Map(rows().map((row) => [row.id, row])) };
    return {
      read(input) {
        const checked = readReplacement("a.replacement.json", context, textOf(input));
        const [problem] = "problems" in checked ? checked.problems : [];
        if (problem !== undefined) throw problem;
      },
    };
  },
};

function rows(): [Sample, ...Sample[]] {
  const [first, ...others] = loadSamples(join(root, "examples", "quickstart", "train.samples.jsonl"), quickstart());
  if (first === undefined) throw new Error("The quickstart has no rows");
  return [first, ...others];
}

const runRecord: Target = {
  name: "run record",
  weight: 5,
  seeds: (folder) =>
    [writeWorkspace, writeEpisodes].map((write, index) => {
      const place = join(folder, `${index}`);
      mkdirSync(place);
      const resolved = resolveExperiment(write(place), write === writeEpisodes ? { preset: "spark" } : {});
      if (resolved.trajectories !== undefined) writeFileSync(resolved.trajectories, "");
      return timeless(readFileSync(join(createRun(resolved), "run.json")), folder);
    }),
  open: (folder) => ({ read: ofFile(folder, "run.json", (file) => void readRunRecord(dirname(file))) }),
};

export const dataTargets: readonly Target[] = [
  tools,
  samples,
  demonstrations,
  questions,
  results,
  trajectories,
  experiment,
  replacements,
  runRecord,
];
