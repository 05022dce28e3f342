/**
 * The worker of the replacement editors: what reads samples, renders prompts, looks into a store or talks to a run, away
 * from the extension host's own thread.
 */
import type { MessagePort } from "node:worker_threads";
import { createMessageConnection, PortMessageReader, PortMessageWriter } from "vscode-jsonrpc/node";
import { answering, runAsWorker } from "../../workerProgram.ts";
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
} from "../messages.ts";
import { findingsIn } from "./findings.ts";
import { ReplacementService } from "./replacementService.ts";

function serve(port: MessagePort): void {
  const connection = createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port));
  const service = new ReplacementService({
    tried: (event) => void connection.sendNotification(TryTold, event),
    used: (file, used) => void connection.sendNotification(EditUsed, { file, used }),
  });
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
    PlaceFindings,
    answering(({ text, marks }) => findingsIn(text, marks)),
  );
  connection.onRequest(
    ReadHistory,
    answering((open) => service.history(open)),
  );
  connection.onRequest(
    OfferFile,
    answering(({ file, text }) => service.offer(file, text)),
  );
  connection.onRequest(
    TryFile,
    answering((params) => service.try(params)),
  );
  connection.onRequest(
    CancelTry,
    answering(({ id }) => service.cancelTry(id)),
  );
  const { promotions } = service;
  connection.onRequest(
    ListCorrect,
    answering(({ run }) => promotions.list(run)),
  );
  connection.onRequest(
    FindPromotion,
    answering((from) => promotions.find(from)),
  );
  connection.onRequest(
    PromoteToFile,
    answering((params) => promotions.toFile(params)),
  );
  connection.onRequest(
    PromoteToEdit,
    answering((params) => promotions.toEdit(params)),
  );
  connection.listen();
}

runAsWorker(serve);
