/** Ends a request of a view with a refusal. */
import type { RefusalCode } from "../../schemas/viewMessages.ts";

export class Refused extends Error {
  readonly code: RefusalCode;

  /** @param message one sentence for the person who looks at the view */
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
