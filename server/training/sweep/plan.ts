/** A sweep's runs: every variant, with every combination of the grid, for every seed. */
import { resolve } from "node:path";
import {
  ExperimentFile,
  type ResolvedExperiment,
  type Settings,
  SettingsOverride,
} from "../../../schemas/experiment.ts";
import { merged, type Override } from "../../../schemas/override.ts";
import { InputError } from "../../../schemas/problem.ts";
import { check, faultsIn } from "../../toolcalls/check.ts";
import { plain } from "../../toolcalls/display.ts";
import { type JsonDocument, readJson } from "../../toolcalls/documents.ts";
import { resolveExperiment } from "../experiment.ts";

export interface PlannedRun {
  seed: number;
  experiment: ResolvedExperiment;
}

export interface PlannedVariant {
  name: string;
  /** In the order of the seeds. */
  runs: PlannedRun[];
}

export interface Plan {
  /** Of the experiment. */
  name: string;
  /** Folder of the runs, and of the sweep's own files. */
  runs: string;
  seeds: number[];
  /** The first is what the others are compared with. */
  variants: PlannedVariant[];
}

/** What the command line may set for all runs. */
export type SweepOverrides = Partial<Pick<ResolvedExperiment, "threads">> & {
  runs?: string;
  steps?: number;
  allow?: readonly string[];
};

/** @throws InputError as resolveExperiment, of a file that plans no sweep, and of a grid that leads to no setting */
export function planSweep(file: string, overrides: SweepOverrides): Plan {
  const document = readJson(resolve(file));
  const { name, preset, sweep } = check<ExperimentFile>(ExperimentFile, document);
  if (sweep === undefined) {
    const sentence = 'This experiment plans no sweep; give it "sweep": {"seeds": [1, 2, 3], "variants": […]}.';
    throw new InputError(sentence, { file: document.file, key: "sweep" });
  }
  const cells = combinations(sweep.grid ?? {});
  for (const { path, settings } of cells.flatMap(({ parts }) => parts)) refuseWrongCell(path, settings, document);
  const variants = (sweep.variants ?? [{ name: preset }]).flatMap((variant) =>
    cells.map((cell): PlannedVariant => {
      const title = [variant.name, ...cell.parts.map(({ title: part }) => part)].join(", ");
      const settings = merged<Override<Settings>>(variant.settings ?? {}, cell.settings);
      const of = (seed: number): PlannedRun => ({
        seed,
        experiment: resolveExperiment(file, {
          ...overrides,
          ...(variant.preset === undefined ? {} : { preset: variant.preset }),
          ...(variant.trajectories === undefined ? {} : { trajectories: variant.trajectories }),
          name: runName(name, title, seed),
          settings,
          seed,
        }),
      });
      return { name: title, runs: sweep.seeds.map(of) };
    }),
  );
  const twice = variants.find(({ name: one }, index) => variants.findIndex((other) => other.name === one) !== index);
  if (twice !== undefined)
    throw new InputError(
      `Two variants are called "${plain(twice.name)}"; give each its own name.`,
      document.locate(["sweep", "variants"]),
    );
  const runs = variants[0]?.runs[0]?.experiment.runs ?? "";
  return { name, runs, seeds: sweep.seeds, variants };
}

interface Cell {
  parts: { path: string; title: string; settings: Override<Settings> }[];
  settings: Override<Settings>;
}

/** Every choice of one value for each path; one empty choice where there is no path. */
function combinations(grid: Readonly<Record<string, readonly (number | boolean | string)[]>>): Cell[] {
  return Object.entries(grid).reduce<Cell[]>(
    (cells, [path, values]) =>
      cells.flatMap(({ parts, settings }) =>
        values.map((value) => {
          const own = nested(path.split("."), value);
          const title = `${path.split(".").at(-1)} ${value}`;
          return { parts: [...parts, { path, title, settings: own }], settings: merged(settings, own) };
        }),
      ),
    [{ parts: [], settings: {} }],
  );
}

/** The path's keys are checked against the schema of the settings before the result is used as such. */
const nested = (path: readonly string[], value: unknown): Override<Settings> =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Override<Settings>;

function refuseWrongCell(path: string, settings: Override<Settings>, document: JsonDocument): void {
  const [fault] = faultsIn(SettingsOverride, settings);
  if (fault === undefined) return;
  throw new InputError(
    `The grid's "${plain(path)}" is no setting: ${fault.sentence}`,
    document.locate(["sweep", "grid", path]),
  );
}

/** As a run's name may be: letters, digits, dots and hyphens, at most 64. */
function runName(experiment: string, title: string, seed: number): string {
  const slug = title.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^-|-$/g, "");
  const end = `-s${seed}`;
  return `${`${experiment}-${slug}`.slice(0, 64 - end.length)}${end}`;
}
