/** One name for the content of a raw row, so that an edit made for it can tell when it has changed. */
import { hash } from "node:crypto";
import type { Sample } from "../../schemas/samples.ts";
import { canonicalText } from "./jsonSchema/canonical.ts";

/**
 * SHA-256 in hexadecimal of the row as canonical JSON: keys sorted, no white space, each number in one spelling (those of
 * 2^53 and more exact). Order of keys, line ends and escapes therefore do not count; every value does.
 */
export const rowHash = (row: Sample): string => hash("sha256", canonicalText(row));
