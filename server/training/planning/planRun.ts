/** What a run takes from the machine it begins on: its device where the experiment leaves that open, and what fits into memory. */
import type { DeviceDecision, DeviceReport, RunPlan, TrainingDevice } from "../../../schemas/devices.ts";
import type { ResolvedExperiment, Settings } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import { loraOf } from "../engine/lora.ts";
import { allReports } from "../engine/onnx/devices/checkDevices.ts";
import { chooseDevice, type Form } from "../engine/onnx/devices/chooseDevice.ts";
import { asClause } from "../engine/onnx/devices/diagnosis.ts";
import { graphicsCard } from "../engine/onnx/devices/graphicsCards.ts";
import { formFault } from "../engine/onnx/frozen/frozenParameters.ts";
import { freeHostMemory } from "../engine/onnx/memory/hostMemory.ts";
import { type ModelConfig, readModelConfig } from "../engine/onnx/model/modelConfig.ts";
import { requireEngine } from "../engine/onnx/requireEngine.ts";
import { ENGINE_MODULE } from "../engine/remote/messages.ts";
import type { Available, Lengths } from "./demand.ts";
import { planMemory } from "./memoryPlan.ts";

export interface Planning {
  /** Tests this machine's devices, where the experiment says "auto". */
  testDevices?: (signal?: AbortSignal) => Promise<readonly DeviceReport[]>;
  /** Tests CUDA alone, where the experiment names it: many more pieces have to fit together for it than for any other. */
  testCuda?: (signal?: AbortSignal) => Promise<readonly DeviceReport[]>;
  /** Bytes that are free for a run on the device. */
  available?: (device: TrainingDevice) => Promise<Available>;
  /** Undefined where the model is another engine's. */
  modelConfig?: (dir: string) => ModelConfig | undefined;
  signal?: AbortSignal;
}

/** The devices that can be chosen, each tested in a process of its own. */
export const testedDevices = (signal?: AbortSignal): Promise<DeviceReport[]> => allReports({ signal });

const testedCuda = (signal?: AbortSignal): Promise<DeviceReport[]> => allReports({ devices: ["cuda"], signal });

/** The best device for an experiment. */
export function deviceFor({ settings }: ResolvedExperiment, reports: readonly DeviceReport[]): DeviceDecision {
  return chooseDevice(reports, { form: neededBy(settings), allWeights: settings.adapter.kind === "none" });
}

/** Numbers that a device has to compute with besides float32. */
function neededBy({ adapter, optimizer }: Settings): Form | undefined {
  if (adapter.kind === "lora" && adapter.base === "int4") return "int4";
  return optimizer.precision === "f16" || loraOf(adapter)?.frozen ? "float16" : undefined;
}

/** A card that does not tell its memory is not reckoned with. */
async function freeMemory(device: TrainingDevice): Promise<Available> {
  const host = freeHostMemory();
  if (device === "cpu") return { host };
  const { memory } = await graphicsCard();
  return { host, device, card: memory?.free ?? memory?.total };
}

/** What is known before a weight is read is said before one is. */
function checkForm(config: ModelConfig, { file, settings }: ResolvedExperiment): void {
  const frozen = loraOf(settings.adapter)?.frozen;
  const fault = frozen && formFault(config, frozen);
  if (fault) throw new InputError(fault, { file, key: "settings.adapter.block" });
}

/** @throws InputError where CUDA does not compute, or not rightly */
function checkCuda(reports: readonly DeviceReport[], { file }: ResolvedExperiment): void {
  const report = reports.find(({ device }) => device === "cuda");
  if (report?.state === "works") return;
  const { problem = "It was not tested.", remedy = "Run Check Devices." } = report ?? {};
  throw new InputError(`The device "cuda" cannot be used: ${asClause({ problem, remedy })}.`, { file, key: "device" });
}

/** Another engine's models are not ours to read. */
const ownConfig = (dir: string): ModelConfig | undefined =>
  process.env[ENGINE_MODULE] ? undefined : readModelConfig(dir);

/**
 * Decides once, before the run's folder is made: the run's record keeps the plan, and a resumed run goes on with it.
 *
 * @throws InputError where there is no engine for this system, the run cannot fit into memory, or its blocks do not fit its policy
 */
export async function planRun(
  experiment: ResolvedExperiment,
  lengths: Lengths,
  {
    testDevices = testedDevices,
    testCuda = testedCuda,
    available = freeMemory,
    modelConfig = ownConfig,
    signal,
  }: Planning = {},
): Promise<RunPlan> {
  const fixed = experiment.device === "auto" ? "cpu" : experiment.device;
  const config = modelConfig(experiment.model);
  if (config) {
    requireEngine();
    checkForm(config, experiment);
  }
  if (experiment.device === "cuda") checkCuda(await testCuda(signal), experiment);
  const device = experiment.device === "auto" ? deviceFor(experiment, await testDevices(signal)) : undefined;
  const { optimizer, sampling } = experiment.settings;
  const asSet = { microBatchTokens: optimizer.microBatchTokens, maxSequences: sampling.maxSequences };
  const memory = config
    ? planMemory(experiment, config, lengths, await available(device?.name ?? fixed))
    : { ...asSet, memory: "Its memory was not reckoned, since another engine trains it." };
  return { ...(device && { device }), ...memory };
}
