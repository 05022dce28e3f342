/** The extension host's end of the worker that reads hand edits: started with the first question, and again after it died. */
import { Worker } from "node:worker_threads";
import {
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
  type RequestParam,
  type RequestType,
} from "vscode-jsonrpc/node";
import type { EditUsedEvent } from "../../schemas/protocol.ts";
import type { Candidate, Finding, History, Reading, Verdict } from "../../schemas/replacementView.ts";
import type { TryEvent } from "../../schemas/tries.ts";
import { fromResponse } from "../../server/training/engine/remote/errors.ts";
import type {
  CorrectRollout,
  Draft,
  HardSample,
  Mark,
  OpenFile,
  PromotedFrom,
  Promotion,
  TryParams,
  TryTaken,
} from "./messages.ts";
import {
  CancelTry,
  Candidates,
  EditUsed,
  FindPromotion,
  HardSamples,
  ListCorrect,
  MakeDraft,
  OfferFile,
  PlaceFindings,
  PromoteToEdit,
  PromoteToFile,
  ReadFile,
  ReadHistory,
  TryFile,
  TryTold,
} from "./messages.ts";

export class ReplacementClient implements Disposable {
  readonly #program: string;
  readonly #log: (sentence: string) => void;
  readonly #tries = new Map<string, (event: TryEvent) => void>();
  readonly #users = new Set<{ file: string; listener: (event: EditUsedEvent) => void }>();
  #live: { worker: Worker; connection: MessageConnection } | undefined;

  /** @param program path of the worker's bundle */
  constructor(program: string, log: (sentence: string) => void) {
    this.#program = program;
    this.#log = log;
  }

  hardSamples(run: string): Promise<HardSample[]> {
    return this.#ask(HardSamples, { run });
  }

  draft(run: string, sample: string): Promise<Draft> {
    return this.#ask(MakeDraft, { run, sample });
  }

  read(open: OpenFile): Promise<Reading> {
    return this.#ask(ReadFile, open);
  }

  candidates(open: OpenFile, search: string): Promise<{ candidates: Candidate[]; total: number }> {
    return this.#ask(Candidates, { ...open, search });
  }

  findings(text: string, marks: Mark[]): Promise<Finding[]> {
    return this.#ask(PlaceFindings, { text, marks });
  }

  history(open: OpenFile): Promise<History> {
    return this.#ask(ReadHistory, open);
  }

  /** @param text null: the file is gone */
  offer(file: string, text: string | null): Promise<Verdict> {
    return this.#ask(OfferFile, { file, text });
  }

  /** Asks the live run for a try, and tells what becomes of it where it is taken, its end last. */
  async try(params: TryParams, tell: (event: TryEvent) => void): Promise<TryTaken> {
    this.#tries.set(params.id, tell);
    let isTaken = false;
    try {
      const taken = await this.#ask(TryFile, params);
      isTaken = taken.refused === null;
      return taken;
    } finally {
      if (!isTaken) this.#tries.delete(params.id);
    }
  }

  async cancelTry(id: string): Promise<void> {
    await this.#ask(CancelTry, { id });
  }

  /** Correct rollouts of a run, newest first. */
  correctRollouts(run: string): Promise<CorrectRollout[]> {
    return this.#ask(ListCorrect, { run });
  }

  /** @throws InputError where the rollout must not be shown to others */
  promotion(from: PromotedFrom): Promise<Promotion> {
    return this.#ask(FindPromotion, from);
  }

  /** What is to be added to the end of a file of demonstrations. @throws InputError where it has it already */
  promoteToFile(promotion: Promotion, text: string): Promise<{ id: string; insert: string }> {
    return this.#ask(PromoteToFile, { ...promotion, text });
  }

  /** The text of an edit with it. @throws InputError where it must not be shown there */
  promoteToEdit(promotion: Promotion, file: string, text: string): Promise<string> {
    return this.#ask(PromoteToEdit, { ...promotion, file, text });
  }

  /** Tells when a step has drawn the edit of a file that was accepted last. @returns ends the telling */
  onUsed(file: string, listener: (event: EditUsedEvent) => void): () => boolean {
    const user = { file, listener };
    this.#users.add(user);
    return () => this.#users.delete(user);
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  async #ask<P, R>(request: RequestType<P, R, unknown>, params: P): Promise<R> {
    this.#live ??= this.#begin();
    try {
      return await this.#live.connection.sendRequest(request, params as RequestParam<P>);
    } catch (error) {
      throw fromResponse(error);
    }
  }

  #begin(): { worker: Worker; connection: MessageConnection } {
    // The host's own options, as a debugger's, are not the worker's.
    const worker = new Worker(this.#program, { execArgv: [], name: "toolexpander-replacements" });
    const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.onNotification(TryTold, (event) => {
      const tell = this.#tries.get(event.id);
      if (event.kind === "ended") this.#tries.delete(event.id);
      tell?.(event);
    });
    connection.onNotification(EditUsed, ({ file, used }) => {
      for (const user of this.#users) if (user.file === file) user.listener(used);
    });
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
    for (const [id, tell] of this.#tries) {
      tell({ id, kind: "ended", how: "failed", reason: "The reader of hand edits ended before the try had." });
    }
    this.#tries.clear();
  }
}
