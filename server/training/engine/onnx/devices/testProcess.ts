/** The process of a self-test, watched: it may crash or hang, and then that is what was found. */
import { fork } from "node:child_process";
import { type CheckedDevice, DeviceFinding } from "../../../../../schemas/devices.ts";
import { follows } from "../../../../toolcalls/check.ts";
import { entryPoint } from "../../../entryPoint.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../../nodeProcess.ts";
import { cudaEnvironment } from "../cuda/supportFolder.ts";
import { LOADER_DEBUG } from "./loaderLog.ts";

/** A process that says nothing for so long hangs. Milliseconds. */
const SILENCE_MS = 60_000;
/** The driver compiles the first kernels of a card that is newer than CUDA's provider. */
const CUDA_SILENCE_MS = 180_000;
/** Most that is kept of its log, bytes. */
const LOG = 8 * 2 ** 20;

export interface TestOutcome {
  findings: DeviceFinding[];
  /** What runtime and loader wrote. */
  log: string;
  /** How it ended before its last finding; undefined where it told that. */
  died?: string;
}

export interface TestOptions {
  threads: number;
  signal?: AbortSignal | undefined;
  /** Called with what is being done. */
  stage?: (name: string) => void;
  /** Another program than the self-test, and another patience. For tests. */
  program?: string;
  silence?: number;
}

const silenceOf = (device: CheckedDevice): number => (device === "cuda" ? CUDA_SILENCE_MS : SILENCE_MS);

const LAST: readonly DeviceFinding["kind"][] = ["done", "absent", "wrong", "failed"];

/** Settles when the process is gone. Rejects with an AbortError where the signal says so. */
export async function runSelfTest(device: CheckedDevice, options: TestOptions): Promise<TestOutcome> {
  const { threads, signal, stage, program = entryPoint("deviceTest"), silence = silenceOf(device) } = options;
  signal?.throwIfAborted();
  const child = fork(program, [device, String(threads)], {
    env: device === "cuda" ? cudaEnvironment(cleanEnvironment()) : { ...cleanEnvironment(), ...LOADER_DEBUG },
    execArgv: NODE_OPTIONS_OF_OURS,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const findings: DeviceFinding[] = [];
  let log = "";
  let died: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const complete = (): boolean => findings.some(({ kind }) => LAST.includes(kind));
  const kill = (): void => void child.kill("SIGKILL");
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      died = `said nothing for ${Math.round(silence / 1000)} seconds`;
      kill();
    }, silence);
  };
  const keep = (data: Buffer): void => {
    if (log.length < LOG) log += data.toString();
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("message", (message: unknown) => {
    wait();
    if (!follows(DeviceFinding, message)) return;
    findings.push(message);
    if (message.kind === "stage") stage?.(message.name);
    // There is nothing left to do in it, and some drivers would keep it from ending by itself.
    if (complete()) kill();
  });
  signal?.addEventListener("abort", kill, { once: true });
  wait();
  try {
    const how = await new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      child.once("close", (code, by) => resolve(by ? `was ended by ${by}` : `ended with exit code ${code}`));
    });
    signal?.throwIfAborted();
    return { findings, log, ...(complete() ? {} : { died: died ?? how }) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
  }
}
