/** What Python code raises, as a value of ours: the original rewards crash in some cases, and so must their ports. */

/** The message is Python's own text, `KeyError: 'name'`; `kind` is the class alone. */
export class PythonError extends Error {
  override readonly name = "PythonError";
  readonly kind: string;

  /** @param text of the exception, as `str` gives it */
  constructor(kind: string, text: string) {
    super(text === "" ? kind : `${kind}: ${text}`);
    this.kind = kind;
  }
}
