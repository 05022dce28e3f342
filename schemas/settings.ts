/** The settings of an experiment with nothing left open: those of its preset, at its scale, with what the file changes. */
import type { ExperimentFile, Settings } from "./experiment.ts";
import { merged, type Override } from "./override.ts";
import { DEFAULT_SCALE, PRESETS } from "./presets.ts";

/** @param steps in place of the file's, where it is given */
export function resolveSettings(
  { preset, scale = DEFAULT_SCALE, settings = {} }: Pick<ExperimentFile, "preset" | "scale" | "settings">,
  steps?: number,
): Settings {
  const { settings: published, scales } = PRESETS[preset];
  const layers: Override<Settings>[] = [scales[scale], settings, steps === undefined ? {} : { steps }];
  return layers.reduce<Settings>((below, layer) => merged(below, layer), published);
}
