/**
 * The worker of the replacement editors: what reads samples, renders prompts, looks into a store or talks to a run, away
 * from the extension host's own thread.
 */
import { parentPort } from "node:worker_threads";
import { createMessageConnection, PortMessageReader, PortMessageWriter } from "vscode-jsonrpc/node";
import { toResponse } from "../../../server/training/engine/remote/errors.ts";
import { Candidates, HardSamples, MakeDraft, OfferFile, ReadFile, ReadHistory } from "../messages.ts";
import { ReplacementService } from "./replacementService.ts";

function serve(port: NonNullable<typeof parentPort>): void {
  const connection = createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port));
  const service = new ReplacementService();
  connection.onRequest(
    HardSamples,
    answering(({ run }) => service.hardSamples(run)),
  );
  connection.onRequest(
    MakeDraft,
    answering(({ run, sample }) => service.draft(run, sample)),
  );
  connection.onRequest(
    ReadFile,
    answering((open) => service.read(open)),
  );
  connection.onRequest(
    Candidates,
    answering(({ search, ...open }) => service.candidates(open, search)),
  );
  connection.onRequest(
    ReadHistory,
    answering((open) => service.history(open)),
  );
  connection.onRequest(
    OfferFile,
    answering(({ file, text }) => service.offer(file, text)),
  );
  connection.listen();
}

/** Errors keep their class and place on the way to the host. */
function answering<P, R>(handle: (params: P) => R | Promise<R>): (params: P) => Promise<R> {
  return async (params) => {
    try {
      return await handle(params);
    } catch (error) {
      throw toResponse(error);
    }
  };
}

if (parentPort) serve(parentPort);
else {
  process.stderr.write("This program is a worker of the ToolExpander extension.\n");
  process.exitCode = 2;
}
