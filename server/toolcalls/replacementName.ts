/** What the file of a hand edit is called. */
import { hash } from "node:crypto";

/** What every replacement's file is called behind the sample's name. */
export const REPLACEMENT_SUFFIX = ".replacement.json";

/** Longest readable part; file systems take 255 bytes. */
const LONGEST_NAME = 60;

/**
 * The name of a sample's file: readable, and with a short hash, so that ids that differ in signs a file name cannot hold,
 * or in case alone, have different names.
 */
export function replacementFileName(sample: string): string {
  const readable = sample
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, LONGEST_NAME);
  const short = hash("sha256", sample).slice(0, 8);
  return `${readable === "" ? short : `${readable}-${short}`}${REPLACEMENT_SUFFIX}`;
}
