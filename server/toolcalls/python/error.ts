/** What Python code raises, as a value of ours: the original rewards crash in some cases, and so must their ports. */

/** The message is Python's own text, `KeyError: 'name'`; `kind` is the class alone. */
export class PythonError extends Error {
  override readonly name = "PythonError";
  readonly kind: string;

  /** @param text of the exception, as `str` gives it */
  constructor(kind: string, text: string) {
    const restore = withoutStacks();
    super(text === "" ? kind : `${kind}: ${text}`);
    restore();
    this.kind = kind;
  }
}

/**
 * Where in our code an error of Python's was made is of no interest, and finding it out takes longer than scoring a completion: bad ones
 * come by the thousand. Until the returned function is called, errors are made without their stacks.
 */
export function withoutStacks(): () => void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = limit;
  };
}
