/** The conversation between the extension host and the worker of the replacement editors: JSON-RPC over the worker's port. */
import { RequestType } from "vscode-jsonrpc/node";
import type { Candidate, Finding, History, Reading, Verdict } from "../../schemas/replacementView.ts";

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
