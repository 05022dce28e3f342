/** A reader of foreign bytes, as the fuzzer sees it, and what it may answer to bytes that are wrong. */
import { describe, InputError } from "../../schemas/problem.ts";

/** Reads one input. What it throws is judged by `defectOf`; what it returns does not matter. */
export type Read = (input: Uint8Array) => void | Promise<void>;

export interface OpenTarget {
  read: Read;
  close?(): Promise<void>;
}

export type Random = () => number;

export interface Target {
  name: string;
  /** Its share of the cases, relative to the other targets: what is slower to read gets fewer. */
  weight: number;
  /** Inputs that are right, at least two; made in `folder`, which is empty. */
  seeds(folder: string): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** @param folder for the files that it reads; empty */
  open(folder: string): OpenTarget | Promise<OpenTarget>;
  /** In place of the general mutations, for bytes with a frame around them. */
  mutate?(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array;
}

/** What a terminal or an editor would obey, line breaks included: a sentence is one line. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const LONGEST_SENTENCE = 4000;

/**
 * What is wrong with an error that a reader threw; undefined where it is a sentence of the product's own that is safe to show.
 * A finding's signature is its text without what differs from input to input.
 */
export function defectOf(error: unknown): { text: string; signature: string } | undefined {
  if (!(error instanceof InputError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : `threw ${String(error)}`;
    return { text, signature: signatureOf(text) };
  }
  const { message } = error;
  const wrong = UNSAFE.test(message)
    ? "its sentence holds characters that a terminal obeys"
    : describe(error).length > LONGEST_SENTENCE
      ? "its sentence is too long"
      : undefined;
  if (wrong === undefined) return undefined;
  return {
    text: `${wrong}: ${JSON.stringify(message.slice(0, 500))}`,
    signature: signatureOf(`${wrong} ${error.stack}`),
  };
}

/** The kind of error and where it was thrown. */
function signatureOf(text: string): string {
  const [first = "", ...frames] = text.split("\n");
  const place = frames.find((frame) => /^\s+at /.test(frame) && !frame.includes("node:internal"))?.trim() ?? "";
  const kind = /^\w+/.exec(first)?.[0] ?? "";
  return `${kind} ${place}`;
}
