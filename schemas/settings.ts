/** The settings of an experiment with nothing left open: those of its preset, at its scale, with what the file changes. */
import type { ExperimentFile, Settings } from "./experiment.ts";
import { DEFAULT_SCALE, type Override, PRESETS } from "./presets.ts";

/** @param steps in place of the file's, where it is given */
export function resolveSettings(
  { preset, scale = DEFAULT_SCALE, settings = {} }: ExperimentFile,
  steps?: number,
): Settings {
  const { settings: published, scales } = PRESETS[preset];
  const layers: Override<Settings>[] = [scales[scale], settings, steps === undefined ? {} : { steps }];
  return layers.reduce<Settings>((below, layer) => merged(below, layer), published);
}

/** The base with the layer's fields over it. The layer holds known keys only: it comes from a preset or was checked. */
function merged<T extends object>(base: T, layer: Override<T>): T {
  const result = { ...base };
  for (const key of Object.keys(layer) as (keyof T)[]) {
    const [below, above] = [base[key], layer[key]];
    result[key] = (isObject(below) && isObject(above) ? merged(below, above) : above) as T[keyof T];
  }
  return result;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
