/** The view's side of the conversation (schemas/replacementView.ts): what it knows of the document, and its wishes. */
import {
  type Change,
  type History,
  isReplacementHostMessage,
  type Reading,
  type ReplacementResult,
  type ReplacementViewMessage,
  type replacementRequests,
  type Verdict,
} from "../../../schemas/replacementView.ts";
import { Requests, type Timers } from "../../client/requests.ts";
import { Drafts } from "./drafts.ts";

export interface EditorState {
  /** Undefined until the host has told of it. */
  document: { version: number; text: string; dirty: boolean } | undefined;
  reading: Reading | undefined;
  verdict: Verdict | undefined;
  history: History | undefined;
  problem: string | undefined;
  /** Rises whenever an edit came too late: what was typed is no longer what the document is about. */
  refused: number;
  /** For those who hear it. */
  said: string;
}

export interface ReplacementClientOptions {
  post(message: ReplacementViewMessage): void;
  timers: Timers;
  changed(): void;
}

export class ReplacementClient {
  state: EditorState = {
    document: undefined,
    reading: undefined,
    verdict: undefined,
    history: undefined,
    problem: undefined,
    refused: 0,
    said: "",
  };
  /** What is typed and not yet sent. */
  readonly drafts = new Drafts();
  /** Goes into the history of the file with the next saving. */
  why = "";
  /** Where the focus goes once a newer reading is drawn: what has it now may go away with the change. */
  #focus: { place: string; after: number } | undefined;
  readonly #options: ReplacementClientOptions;
  readonly #requests: Requests<typeof replacementRequests>;

  constructor(options: ReplacementClientOptions) {
    this.#options = options;
    this.#requests = new Requests({
      post: options.post,
      timers: options.timers,
      silence: "No answer came from the reader of this file.",
    });
  }

  begin(): void {
    this.#options.post({ kind: "ready" });
  }

  receive(message: unknown): void {
    if (!isReplacementHostMessage(message)) return;
    switch (message.kind) {
      case "reply":
      case "refusal":
        this.#requests.settle(message);
        break;
      case "document": {
        const { version, text, dirty } = message;
        this.#change({ document: { version, text, dirty } });
        break;
      }
      case "reading":
        this.#change({ reading: message.reading, problem: undefined });
        if (this.state.history === undefined) void this.readHistory();
        break;
      case "saved":
        this.why = "";
        this.#change({ verdict: message.verdict, said: message.verdict.sentence });
        void this.readHistory();
        break;
      case "stale":
        this.#change({
          refused: this.state.refused + 1,
          said: "The file was changed elsewhere; this shows it as it is now.",
        });
        break;
      case "flush":
        this.drafts.flush();
        this.#options.post({ kind: "flushed", why: this.why });
        break;
      case "problem":
        this.#change({ problem: message.message });
        break;
    }
  }

  /** @param focus place that has the focus when the change is drawn */
  edit(changes: Change[], { focus, said }: { focus?: string; said?: string } = {}): void {
    const { version } = this.state.document ?? { version: 0 };
    // What was typed first, so that the change finds it.
    this.drafts.flush();
    this.#options.post({ kind: "edit", version, changes });
    if (focus !== undefined) this.#focus = { place: focus, after: version };
    if (said !== undefined) this.#change({ said });
  }

  /** As edit, of what is typed: by the draft itself, which is no longer held back. */
  type(change: Change): void {
    this.#options.post({ kind: "edit", version: this.state.document?.version ?? 0, changes: [change] });
  }

  rewrite(text: string): void {
    this.#options.post({ kind: "rewrite", version: this.state.document?.version ?? 0, text });
  }

  command(name: "backToAutomatic" | "reopenAsText" | "save"): void {
    this.drafts.flush();
    this.#options.post({ kind: "command", name });
  }

  /** @throws RequestFailed */
  candidates(search: string): Promise<ReplacementResult<"candidates">> {
    return this.#requests.ask("candidates", { search });
  }

  async readHistory(): Promise<void> {
    try {
      this.#change({ history: await this.#requests.ask("history", {}) });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#change({ history: { entries: [], automatic: null, problem } });
    }
  }

  /** Called when the state has been drawn. */
  drawn(): void {
    const focus = this.#focus;
    if (!focus || (this.state.reading?.version ?? 0) <= focus.after) return;
    const found = document.querySelector(`[data-place="${CSS.escape(focus.place)}"]`);
    if (found instanceof HTMLElement) found.focus();
    this.#focus = undefined;
  }

  #change(changes: Partial<EditorState>): void {
    this.state = { ...this.state, ...changes };
    this.#options.changed();
  }
}
