/** A language model that a judge can ask, wherever it runs. */

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  text: string;
}

export interface ChatRequest {
  messages: readonly ChatMessage[];
  /** JSON Schema of the answer, for models that can be held to one. */
  schema: object;
}

/** This request gets no usable answer, and asking again would not change that; other requests may get theirs. */
export class Unanswerable extends Error {
  override readonly name = "Unanswerable";
}

export interface ChatModel {
  /** What its answers depend on, for records; no secret. */
  readonly identity: string;
  /**
   * The model's answer as it came: hostile text of a bounded length.
   *
   * @throws Unanswerable for this request alone; InputError where nothing can be asked until somebody does something;
   *   AbortError as soon as the signal comes
   */
  complete(request: ChatRequest, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
