/**
 * The worker of the replacement editors: what reads samples, renders prompts, looks into a store or talks to a run, away
 * from the extension host's own thread.
 */
import { runAsWorker } from "../../workerProgram.ts";
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

runAsWorker((answer, connection) => {
  const service = new ReplacementService({
    tried: (event) => void connection.sendNotification(TryTold, event),
    used: (file, used) => void connection.sendNotification(EditUsed, { file, used }),
  });
  answer(HardSamples, ({ run }) => service.hardSamples(run));
  answer(MakeDraft, ({ run, sample }) => service.draft(run, sample));
  answer(ReadFile, (open) => service.read(open));
  answer(Candidates, ({ search, ...open }) => service.candidates(open, search));
  answer(PlaceFindings, ({ text, marks }) => findingsIn(text, marks));
  answer(ReadHistory, (open) => service.history(open));
  answer(OfferFile, ({ file, text }) => service.offer(file, text));
  answer(TryFile, (params) => service.try(params));
  answer(CancelTry, ({ id }) => service.cancelTry(id));
  const { promotions } = service;
  answer(ListCorrect, ({ run }) => promotions.list(run));
  answer(FindPromotion, (from) => promotions.find(from));
  answer(PromoteToFile, (params) => promotions.toFile(params));
  answer(PromoteToEdit, (params) => promotions.toEdit(params));
});
