/** A training server whose process the test has in its hand from the first moment on, before anyone could connect to it. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { logFile } from "../../server/training/client/start.ts";
import { entryPoint } from "../../server/training/entryPoint.ts";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";
import { killProcess } from "../../server/training/testing/harness.ts";

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface HeldOptions {
  /** A program that starts the server and ends with it, and its arguments: a tracer. */
  under?: readonly string[];
  /** Options for the server's Node. */
  nodeOptions?: readonly string[];
  environment?: Record<string, string>;
}

export class HeldServer {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  #hasEnded = false;

  /** @param folder of the run */
  constructor(folder: string, { under = [], nodeOptions = [], environment = {} }: HeldOptions = {}) {
    const log = openSync(logFile(folder), "a");
    const line = [
      ...under,
      process.execPath,
      ...NODE_OPTIONS_OF_OURS,
      ...nodeOptions,
      entryPoint("trainingServer"),
      folder,
    ];
    // Detached, as startServer has it: the server leads a process group, in which its engine is too.
    const child = spawn(line[0] as string, line.slice(1), {
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...cleanEnvironment(), ...environment },
      cwd: folder,
    });
    closeSync(log);
    this.pid = child.pid ?? 0;
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        this.#hasEnded = true;
        resolve({ code, signal });
      });
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The server's child, from its birth on; undefined where there is none now. Linux only. */
  get engine(): number | undefined {
    try {
      const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8").trim();
      return children === "" ? undefined : Number(children.split(" ")[0]);
    } catch {
      return undefined;
    }
  }

  /** As a power cut would, and waits until it is gone. */
  async kill(): Promise<Ended> {
    killProcess(this.pid);
    return this.ended;
  }

  /** The engine in the same instant. */
  async killWithEngine(): Promise<Ended> {
    killProcess(-this.pid);
    return this.ended;
  }
}
