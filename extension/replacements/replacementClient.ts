/** The extension host's end of the worker that reads hand edits: started with the first question, and again after it died. */
import { Worker } from "node:worker_threads";
import {
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
} from "vscode-jsonrpc/node";
import type { Candidate, Finding, History, Reading, Verdict } from "../../schemas/replacementView.ts";
import { fromResponse } from "../../server/training/engine/remote/errors.ts";
import type { Draft, HardSample, Mark, OpenFile } from "./messages.ts";
import { Candidates, HardSamples, MakeDraft, OfferFile, PlaceFindings, ReadFile, ReadHistory } from "./messages.ts";

export class ReplacementClient implements Disposable {
  readonly #program: string;
  readonly #log: (sentence: string) => void;
  #live: { worker: Worker; connection: MessageConnection } | undefined;

  /** @param program path of the worker's bundle */
  constructor(program: string, log: (sentence: string) => void) {
    this.#program = program;
    this.#log = log;
  }

  hardSamples(run: string): Promise<HardSample[]> {
    return this.#ask((connection) => connection.sendRequest(HardSamples, { run }));
  }

  draft(run: string, sample: string): Promise<Draft> {
    return this.#ask((connection) => connection.sendRequest(MakeDraft, { run, sample }));
  }

  read(open: OpenFile): Promise<Reading> {
    return this.#ask((connection) => connection.sendRequest(ReadFile, open));
  }

  candidates(open: OpenFile, search: string): Promise<{ candidates: Candidate[]; total: number }> {
    return this.#ask((connection) => connection.sendRequest(Candidates, { ...open, search }));
  }

  findings(text: string, marks: Mark[]): Promise<Finding[]> {
    return this.#ask((connection) => connection.sendRequest(PlaceFindings, { text, marks }));
  }

  history(open: OpenFile): Promise<History> {
    return this.#ask((connection) => connection.sendRequest(ReadHistory, open));
  }

  /** @param text null: the file is gone */
  offer(file: string, text: string | null): Promise<Verdict> {
    return this.#ask((connection) => connection.sendRequest(OfferFile, { file, text }));
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  async #ask<T>(request: (connection: MessageConnection) => Promise<T>): Promise<T> {
    this.#live ??= this.#begin();
    try {
      return await request(this.#live.connection);
    } catch (error) {
      throw fromResponse(error);
    }
  }

  #begin(): { worker: Worker; connection: MessageConnection } {
    // The host's own options, as a debugger's, are not the worker's.
    const worker = new Worker(this.#program, { execArgv: [], name: "toolexpander-replacements" });
    const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.listen();
    worker.once("error", (error: unknown) =>
      this.#log(`The reader of hand edits failed: ${error instanceof Error ? error.stack : error}`),
    );
    worker.once("exit", () => {
      if (this.#live?.worker === worker) this.#end();
    });
    return { worker, connection };
  }

  /** Requests that are under way are rejected. */
  #end(): void {
    const live = this.#live;
    this.#live = undefined;
    if (!live) return;
    live.connection.dispose();
    void live.worker.terminate();
  }
}
