/** `toolexpander devices`: what this machine can compute with. */
import { CHECKED_DEVICES, type CheckedDevice, type DeviceReport } from "../../schemas/devices.ts";
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";
import { checkDevices } from "../training/engine/onnx/devices/checkDevices.ts";
import { chooseDevice } from "../training/engine/onnx/devices/chooseDevice.ts";
import {
  deviceName,
  fallbackText,
  memoryText,
  rateText,
  stateText,
} from "../training/engine/onnx/devices/reportText.ts";
import { ExitCode } from "./exit.ts";
import { type Output, outputFor } from "./output.ts";
import { tableText } from "./table.ts";

const SENTENCE = 1000;

export interface DevicesOptions {
  threads?: number;
  json?: boolean;
}

/** With --json each report is a line as it comes, and the choice is the last. Ends well also where nothing but the CPU works. */
export async function devicesCommand(names: readonly string[], options: DevicesOptions): Promise<ExitCode> {
  const output = outputFor(options.json ?? false);
  const devices = names.length === 0 ? CHECKED_DEVICES : names.map(known);
  const { threads } = options;
  const reports: DeviceReport[] = [];
  const progress = progressFor(output);
  for await (const report of checkDevices({ devices, progress, ...(threads ? { threads } : {}) })) {
    reports.push(report);
    output.result({ event: "device", ...report }, () => "");
  }
  const decision = chooseDevice(reports);
  const complete = ["cpu", "webgpu"].every((name) => reports.some(({ device }) => device === name));
  if (!complete) output.result({ event: "done" }, () => text(reports));
  else
    output.result({ event: "choice", ...decision }, () => `${text(reports)}\nWith "device": "auto": ${decision.why}`);
  return ExitCode.done;
}

function known(name: string): CheckedDevice {
  const device = CHECKED_DEVICES.find((checked) => checked === name);
  if (device) return device;
  throw new InputError(`There is no device "${plain(name)}"${endWithHint(name, [...CHECKED_DEVICES])}`);
}

/** Says which device is being tested, once each. */
function progressFor(output: Output): (device: CheckedDevice) => void {
  let last: CheckedDevice | undefined;
  return (device) => {
    if (device !== last) output.say(`Testing ${deviceName({ device })} …`);
    last = device;
  };
}

const trainingSentences = ({ training }: DeviceReport): string[] =>
  training === undefined ? [] : [`training of a small adapter: ${rateText(training)} tokens/s`];

function placementSentences(report: DeviceReport): string[] {
  if (report.placement === undefined) return [];
  const { onDevice } = report.placement;
  return [
    `nodes of the engine's graphs on the CPU: ${fallbackText(report)}`,
    `operators of which all nodes run on the device: ${onDevice.join(", ")}`,
  ];
}

const yesOrNo = (problem: string | undefined): string => (problem === undefined ? "" : problem === "" ? "yes" : "no");

function text(reports: readonly DeviceReport[]): string {
  const head = [
    "device",
    "",
    "adapter",
    "memory",
    "f32 GFLOP/s",
    "f16 GFLOP/s",
    "float16",
    "4 bits",
    "copies GB/s in, out",
    "tiny run ms",
  ];
  const rows = reports.map((report) => [
    deviceName(report),
    stateText(report),
    plain(report.adapter ?? "", 60),
    memoryText(report),
    rateText(report.f32),
    rateText(report.f16),
    yesOrNo(report.float16),
    yesOrNo(report.int4),
    report.copies ? `${report.copies.toDevice.toPrecision(2)}, ${report.copies.fromDevice.toPrecision(2)}` : "",
    report.latency?.toPrecision(2) ?? "",
  ]);
  const sentences = reports.flatMap((report) =>
    [report.problem, report.remedy, ...trainingSentences(report), ...placementSentences(report)]
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => `${deviceName(report)}: ${plain(sentence, SENTENCE)}`),
  );
  return [tableText(head, rows), ...sentences].join("\n");
}
