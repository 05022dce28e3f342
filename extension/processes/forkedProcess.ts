/** The extension host's end of a process that does one thing and ends. */
import { type ChildProcess, fork } from "node:child_process";
import { cleanEnvironment, NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";

/** Of what a dying process had to say, UTF-16 units. */
const LAST_WORDS = 4000;

export interface ForkOptions {
  /** Another Node than this one. */
  node?: string | undefined;
  /** Most of its heap, megabytes. */
  heap?: number;
  take(message: unknown): void;
}

export class ForkedProcess {
  readonly #child: ChildProcess;
  #lastWords = "";
  /** Signal or exit code that it ended with. Rejects where it could not be started. */
  readonly ended: Promise<string>;

  /** @param program its bundle or source */
  constructor(program: string, { node, heap, take }: ForkOptions) {
    const limit = heap === undefined ? [] : [`--max-old-space-size=${heap}`];
    this.#child = fork(program, [], {
      ...(node !== undefined && { execPath: node }),
      // The host's own options, as a debugger's, are not the process's.
      execArgv: [...limit, ...NODE_OPTIONS_OF_OURS],
      env: cleanEnvironment(),
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#child.on("message", take);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, killed) => resolve(killed ?? `exit code ${code}`));
    });
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** A process that cannot be told has ended, which says why. */
  send(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** @param what as in "The export" @param how as `ended` tells */
  unexpectedEnd(what: string, how: string): Error {
    return new Error(`${what} ended unexpectedly (${how}). ${this.#lastWords}`.trimEnd());
  }
}
