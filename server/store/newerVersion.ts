import { InputError } from "../../schemas/problem.ts";

/** A file is fine, and this program too old for it: told apart, since what is damaged may be passed over and this may not. */
export class NewerVersion extends InputError {}

/**
 * A file of a newer version may hold anything: that is said before its keys are called unknown.
 *
 * @param format number in the file, if it has one
 * @param known the newest this version writes
 */
export function refuseNewer(file: string, format: unknown, known: number): void {
  if (typeof format === "number" && format > known) {
    throw new NewerVersion(
      `${file} was written by a newer version (format ${format}; this one knows up to ${known}). Update ToolExpander to open it.`,
      { file },
    );
  }
}

/** The `format` of a record that has not been checked yet. */
export function formatOf(value: unknown): unknown {
  return (value as { format?: unknown } | null)?.format;
}
