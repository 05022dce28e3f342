/** What went wrong with something a user wrote or chose, and where: what, where (file, line, key), what to do. */
export interface Place {
  file: string;
  /** From 1. */
  line?: number;
  /** From 1, in UTF-16 code units. */
  column?: number;
  /** Path of keys inside the file, as `settings.sampling.groupSize`. */
  key?: string;
}

/** An input is at fault, not the program: exit code 1, one clear sentence, no stack trace. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly place: Place | undefined;

  constructor(message: string, place?: Place) {
    super(message);
    this.place = place;
  }
}

/** `file:line:column (key): sentence`, as much of it as is known. */
export function describe(error: InputError): string {
  const { place } = error;
  if (!place) return error.message;
  const position = [place.file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(":");
  return `${position}${place.key ? ` (${place.key})` : ""}: ${error.message}`;
}
