/** The conversation between the extension host and the worker of the replacement editors: JSON-RPC over the worker's port. */
import { NotificationType, RequestType } from "vscode-jsonrpc/node";
import type { EditUsedEvent } from "../../schemas/protocol.ts";
import type { Candidate, Finding, History, Reading, Verdict } from "../../schemas/replacementView.ts";
import type { RolloutPosition } from "../../schemas/run.ts";
import type { TriedRollout, TryEvent } from "../../schemas/tries.ts";
import type { TryRemedy } from "../../schemas/tryView.ts";

/** A hard sample of a run, for a person to choose from. */
export interface HardSample {
  id: string;
  query: string;
  /** As the curriculum names it. */
  state: string;
  /** Of its answer. */
  tools: string[];
  /** Probes in which no rollout was correct. */
  failed: number;
  /** Whether there is a file for it. */
  edited: boolean;
}

/** A file that is to be made for a sample: what the algorithm chose, as an edit. */
export interface Draft {
  /** Absolute path. */
  file: string;
  text: string;
  exists: boolean;
}

/** A file as the editor holds it, saved or not. */
export interface OpenFile {
  /** Absolute path. */
  file: string;
  text: string;
  version: number;
}

/** An edit that is to be tried on the run that lives. */
export interface TryParams {
  id: string;
  /** Absolute path. */
  file: string;
  text: string;
  /** Of each side. */
  rollouts: number;
}

/** Null where the run has taken it. */
export interface TryTaken {
  refused: string | null;
  remedy: TryRemedy | null;
}

/** A rollout that may become a demonstration: in the store of a run, or of a try, which is in no store. */
export type PromotedFrom =
  | { kind: "stored"; run: string; at: RolloutPosition }
  /** `file`: the edit that was tried. */
  | { kind: "tried"; file: string; sample: string; rollout: TriedRollout };

export interface Promotion {
  sample: string;
  /** As JSON, so that no number loses a digit. */
  demonstration: string;
  /** Absolute path; null where the experiment names no file of demonstrations. */
  demonstrations: string | null;
}

/** A correct rollout, for a person to choose from. */
export interface CorrectRollout {
  at: RolloutPosition;
  sample: string;
  query: string;
  calls: string;
}

/** Something found in a text, by offsets in it. */
export interface Mark extends Pick<Finding, "sentence" | "severity" | "rule"> {
  from: number;
  to: number;
}

export const HardSamples = new RequestType<{ run: string }, HardSample[], unknown>("hardSamples");
export const MakeDraft = new RequestType<{ run: string; sample: string }, Draft, unknown>("draft");
export const ReadFile = new RequestType<OpenFile, Reading, unknown>("read");
export const Candidates = new RequestType<
  OpenFile & { search: string },
  { candidates: Candidate[]; total: number },
  unknown
>("candidates");
export const PlaceFindings = new RequestType<{ text: string; marks: Mark[] }, Finding[], unknown>("findings");
export const ReadHistory = new RequestType<OpenFile, History, unknown>("history");
/** Null: the file is gone. */
export const OfferFile = new RequestType<{ file: string; text: string | null }, Verdict, unknown>("offer");
export const TryFile = new RequestType<TryParams, TryTaken, unknown>("try");
export const CancelTry = new RequestType<{ id: string }, null, unknown>("cancelTry");

/** Newest first. */
export const ListCorrect = new RequestType<{ run: string }, CorrectRollout[], unknown>("listCorrect");
export const FindPromotion = new RequestType<PromotedFrom, Promotion, unknown>("findPromotion");
/** @param text of the file of demonstrations; answers what is to be added to its end */
export const PromoteToFile = new RequestType<Promotion & { text: string }, { id: string; insert: string }, unknown>(
  "promoteToFile",
);
/** Answers the text of the edit with the demonstration in it. */
export const PromoteToEdit = new RequestType<Promotion & { file: string; text: string }, string, unknown>(
  "promoteToEdit",
);

export const TryTold = new NotificationType<TryEvent>("tryTold");
export const EditUsed = new NotificationType<{ file: string; used: EditUsedEvent }>("editUsed");
