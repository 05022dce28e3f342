/** What every dialect is read into: tools, calls, turns and samples, each with the place it was read from. */
import type { Ref } from "./ref.ts";

export interface Tool {
  name: string;
  description?: string;
  /**
   * The parameters as an object schema: JSON Schema in shape, but with the type names that were written. Undefined where
   * the tool says nothing of its parameters; not necessarily an object where the file is wrong.
   */
  parameters: unknown;
  /** The whole tool. */
  ref: Ref;
  nameRef: Ref;
  /** The place of a path in `parameters`; dialects that write parameters otherwise map the path to what they write. */
  schemaRef(path: readonly (string | number)[]): Ref;
  /** The object that holds name and parameters, as written: keys that belong elsewhere are found in it. */
  written: Readonly<Record<string, unknown>>;
}

/** In which form the arguments of a call stand in the file. */
export type ArgumentsForm =
  /** A JSON object. */
  | "object"
  /** JSON of an object in a string. */
  | "string"
  /** JSON of an object in a string in a string. */
  | "string-in-string"
  /** A string that is not JSON. */
  | "not-json"
  /** JSON, in a string or not, but neither object nor absent. */
  | "not-object"
  | "absent";

export interface Call {
  /** Empty where the name is missing or no string. */
  name: string;
  nameRef: Ref;
  /** Empty unless `form` says that there is an object. */
  arguments: Readonly<Record<string, unknown>>;
  /** The arguments object, inside the string where it is encoded: `argumentsRef.at(parameter)` is an argument. */
  argumentsRef: Ref;
  form: ArgumentsForm;
  /** The forms the dialect allows; empty where it has no arguments object at all (Python calls). */
  wanted: readonly ArgumentsForm[];
  /** Where and how the text departs from JSON, for the form `not-json`. */
  fault?: { ref: Ref; sentence: string };
  /**
   * Every argument is a list of values any of which is right, at every depth (BFCL). The text "" in such a list says that
   * the argument may be left out.
   */
  alternatives?: boolean;
  /** Links the call to the tool message that answers it. */
  id?: string;
  ref: Ref;
}

export type Role = "system" | "user" | "assistant" | "tool";

export interface Turn {
  role: Role;
  text: string;
  calls: Call[];
  /** Of the call that a tool message answers. */
  callId?: string;
  /** Of the tool that speaks, in a tool message. */
  name?: string;
  ref: Ref;
}

/** The tools a sample may call. */
export type Offer =
  /** Defined in the record itself. */
  | { kind: "own"; tools: Tool[] }
  /** Named in the record, defined in a catalog. */
  | { kind: "named"; names: { name: string; ref: Ref }[] }
  /** Defined by the record of another file that has the same id (BFCL's answers). */
  | { kind: "twin" }
  /** Not said: whatever the experiment or the workspace defines. */
  | { kind: "open" };

export interface Sample {
  id?: string;
  idRef?: Ref;
  /** What is asked first; what duplicates, leaks and overlaps are found by. */
  query: string;
  queryRef: Ref;
  offer: Offer;
  turns: Turn[];
  /** The calls that are learned or rewarded, outside the turns; undefined where the record holds none of its own. */
  gold?: Call[];
  /** Calls that help without being the answer, in no order: nothing to learn from by themselves. */
  uses?: Call[];
  /** The text the calls stand in, where they stand in one. */
  answerText?: { text: string; ref: Ref };
  demonstrations: Sample[];
  /** Keys the dialect has no word for, kept for writing back. */
  extra?: Readonly<Record<string, unknown>>;
  ref: Ref;
}

/** What one record holds. */
export interface Reading {
  /** Tools defined by the record for others to call; those of a sample stand in its offer. */
  tools: Tool[];
  samples: Sample[];
  demonstrations: Sample[];
  /** The sample of another file that the record edits. */
  edited?: { id: string; ref: Ref };
  /** Places where the dialect cannot read what stands there, one sentence each. */
  unreadable: { ref: Ref; sentence: string }[];
}

/** Every call of the sample itself: in its turns, then its gold, then those that help. */
export function callsOf({ turns, gold = [], uses = [] }: Sample): Call[] {
  return [...turns.flatMap(({ calls }) => calls), ...gold, ...uses];
}

export const emptyReading = (): Reading => ({ tools: [], samples: [], demonstrations: [], unreadable: [] });
