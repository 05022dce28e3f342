/** The device of a command that computes in a process of its own. */
import type { ResolvedExperiment } from "../../schemas/experiment.ts";
import { plain } from "../toolcalls/display.ts";
import { deviceFor, testedDevices } from "../training/planning/planRun.ts";
import type { Output } from "./output.ts";

/** With the device that a test chooses, where it is left open. */
export async function onOneDevice(experiment: ResolvedExperiment, output: Output): Promise<ResolvedExperiment> {
  if (experiment.device !== "auto") return experiment;
  const { name, why } = deviceFor(experiment, await testedDevices());
  output.say(plain(why, 1000));
  return { ...experiment, device: name };
}
