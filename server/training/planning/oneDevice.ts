/** The device of what computes without a run, and so without a plan. */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { plain } from "../../toolcalls/display.ts";
import { deviceFor, testedDevices } from "./planRun.ts";

/** With the device that a test chooses, where it is left open. @param say told why it was chosen */
export async function onOneDevice(
  experiment: ResolvedExperiment,
  say: (sentence: string) => void,
): Promise<ResolvedExperiment> {
  if (experiment.device !== "auto") return experiment;
  const { name, why } = deviceFor(experiment, await testedDevices());
  say(plain(why, 1000));
  return { ...experiment, device: name };
}
