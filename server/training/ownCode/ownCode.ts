/**
 * A file of the researcher's own in a thread of its own: calls one after the other, so that a limit always has one call to blame;
 * each within a time limit, the thread within a memory limit.
 */
import { url as inspected } from "node:inspector";
import { Worker } from "node:worker_threads";
import { InputError } from "../../../schemas/problem.ts";
import { follows } from "../../toolcalls/check.ts";
import { plain } from "../../toolcalls/display.ts";
import { entryPoint } from "../entryPoint.ts";
import { Answer, type OwnExport, type Question, type WorkerStart } from "./messages.ts";

/** A file with large imports takes its time to load, seconds. */
const LOAD_SECONDS = 30;

/**
 * What a call may add to the memory of the whole process beyond the thread's own limit, bytes. That limit is V8's and is about its heap:
 * buffers lie outside of it. The process that calls does nothing else meanwhile that takes as much.
 */
const BESIDE_HEAP = 128 * 2 ** 20;
/** Between two looks at it, milliseconds. */
const LOOK_MS = 100;

/** A call was ended from outside: no function of what it was asked, so whoever asked puts it on record. */
export class Cut extends Error {
  override readonly name = "Cut";
}

/** What the code answered: a value that structured clone carries, or what it threw. */
export type Outcome = { kind: "value"; value?: unknown } | { kind: "thrown"; message: string; stack: string };

export interface OwnCodeOptions {
  /** Absolute path. */
  file: string;
  exports: OwnExport;
  limits: { seconds: number; memory: number };
  /** As sentences call it: the whole ("reward"), one call ("one completion"), and where its limits are set. */
  words: { whole: string; call: string; settings: string };
}

export class OwnCode {
  readonly #options: OwnCodeOptions;
  #worker: Worker | undefined;
  #names: readonly string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #asked = 0;

  private constructor(options: OwnCodeOptions) {
    this.#options = options;
  }

  /**
   * Loads the file.
   * @throws InputError where it cannot be loaded or exports something else
   */
  static async load(options: OwnCodeOptions): Promise<OwnCode> {
    const code = new OwnCode(options);
    code.#worker = await code.#start();
    return code;
  }

  /** Names of the exported functions, where the file exports several. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * Calls wait for those before them.
   * @throws Cut where a limit ended the call, and its thread with it; the next call gets another thread
   */
  call(input: unknown, name?: string): Promise<Outcome> {
    const outcome = this.#turn.then(() => this.#call(input, name));
    this.#turn = outcome.catch(() => {});
    return outcome;
  }

  /** Ends the thread. It keeps no process alive by itself. */
  async dispose(): Promise<void> {
    await this.#turn;
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #call(input: unknown, name: string | undefined): Promise<Outcome> {
    try {
      this.#worker ??= await this.#start();
      return await this.#ask(this.#worker, input, name);
    } catch (error) {
      this.#worker = undefined;
      if (error instanceof Cut) throw error;
      throw new Cut(error instanceof Error ? error.message : String(error));
    }
  }

  async #start(): Promise<Worker> {
    const { file, exports, limits, words } = this.#options;
    const start: WorkerStart = { file, exports };
    const worker = new Worker(entryPoint("ownCode"), {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: limits.memory },
    });
    const refused = (why: string): InputError => new InputError(`This ${words.whole} cannot be used: ${why}`, { file });
    const answer = await this.#next(worker, LOAD_SECONDS, "loading").catch((error: unknown) => {
      throw refused(`${(error as Error).message}.`);
    });
    if (answer.kind === "ready") {
      this.#names = answer.names;
      worker.unref();
      return worker;
    }
    await worker.terminate();
    throw refused(plain(answer.kind === "refused" ? answer.why : "it answered before it was asked", 1000));
  }

  async #ask(worker: Worker, input: unknown, name: string | undefined): Promise<Outcome> {
    const question: Question = { id: ++this.#asked, input, ...(name !== undefined && { name }) };
    const { limits, words } = this.#options;
    worker.ref();
    try {
      const answer = this.#next(worker, limits.seconds, words.call);
      worker.postMessage(question);
      for (let found = await answer; ; found = await this.#next(worker, limits.seconds, words.call)) {
        // What the code itself sends to the port is none of ours.
        if ("id" in found && found.id === question.id) return found;
      }
    } finally {
      worker.unref();
    }
  }

  /** The thread's next message. @throws Cut where it ends or takes too long, after which it is no more */
  #next(worker: Worker, seconds: number, what: string): Promise<Answer> {
    const { limits, words } = this.#options;
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        clearInterval(looks);
        worker.off("message", answered).off("error", broken).off("exit", ended);
      };
      const cut = (why: string): void => {
        done();
        // Its end is waited for by nobody: a loop that never yields is ended from outside.
        void worker.terminate();
        reject(new Cut(why));
      };
      const answered = (message: unknown): void => {
        if (!follows(Answer, message)) return;
        done();
        resolve(message);
      };
      const tooLarge = `it took more than ${limits.memory} MiB (${words.settings}.memory)`;
      const broken = (error: NodeJS.ErrnoException): void =>
        cut(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? tooLarge : `its thread broke: ${plain(error.message, 200)}`);
      const ended = (code: number): void => cut(`it ended its thread (exit code ${code})`);
      worker.on("message", answered).on("error", broken).on("exit", ended);
      // A breakpoint is no slowness.
      const limit = inspected() === undefined ? seconds * 1000 : 2 ** 31 - 1;
      const most = process.memoryUsage.rss() + limits.memory * 2 ** 20 + BESIDE_HEAP;
      const looks = setInterval(() => {
        if (process.memoryUsage.rss() > most) cut(tooLarge);
      }, LOOK_MS);
      const timer = setTimeout(() => cut(`${what} took more than ${seconds} s (${words.settings}.seconds)`), limit);
    });
  }
}

/** ` at file:line` of the innermost frame in the researcher's own file, where the stack has one. */
export function placeIn(stack: string, file: string): string {
  const name = file.replaceAll("\\", "/").split("/").at(-1) ?? file;
  const line = stack.split("\n").find((frame) => /^\s+at /.test(frame) && frame.includes(name));
  const [, at] = /:(\d+):\d+\)?$/.exec(line ?? "") ?? [];
  return at === undefined ? "" : ` at ${name}:${at}`;
}
