/** The view's side of the conversation (schemas/replacementView.ts): what it knows of the document, and its wishes. */
import {
  type Change,
  type Completion,
  type Finding,
  type History,
  isReplacementHostMessage,
  type Path,
  type Reading,
  type ReplacementResult,
  type ReplacementViewMessage,
  type replacementRequests,
  type Verdict,
} from "../../../schemas/replacementView.ts";
import type { TryViewMessage } from "../../../schemas/tryView.ts";
import { Requests, type Timers } from "../../client/requests.ts";
import { Drafts } from "./drafts.ts";
import { type Kept, restored } from "./kept.ts";
import { isWithin, pathAfter } from "./paths.ts";
import { afterTry, type TryKnowledge } from "./tries.ts";

export interface EditorState extends TryKnowledge {
  /** Undefined until the host has told of it. */
  document: { version: number; text: string; dirty: boolean; edits: number } | undefined;
  reading: Reading | undefined;
  /** Of the language server. */
  findings: Finding[];
  verdict: Verdict | undefined;
  history: History | undefined;
  problem: string | undefined;
  /** Why the last edit came to nothing; undefined where it did not. */
  refused: string | undefined;
  /** For those who hear it. */
  said: string;
}

export interface ReplacementClientOptions {
  post(message: ReplacementViewMessage): void;
  timers: Timers;
  changed(): void;
  /** What was kept of the view before. */
  kept: unknown;
  keep(kept: Kept): void;
}

export class ReplacementClient {
  state: EditorState = {
    document: undefined,
    reading: undefined,
    findings: [],
    verdict: undefined,
    history: undefined,
    problem: undefined,
    refused: undefined,
    tried: undefined,
    toTry: undefined,
    said: "",
  };
  readonly drafts: Drafts;
  kept: Kept;
  /** Where the focus goes once a newer reading is drawn: what has it now may go away with the change. */
  #focus: { place: string; after: number } | undefined;
  readonly #options: ReplacementClientOptions;
  readonly #requests: Requests<typeof replacementRequests>;
  #edits = 0;

  constructor(options: ReplacementClientOptions) {
    this.#options = options;
    this.kept = restored(options.kept);
    this.drafts = new Drafts(options.timers, () => this.keep({ unfinished: this.drafts.unfinished }));
    this.drafts.restore(this.kept.unfinished);
    this.#requests = new Requests({
      post: options.post,
      timers: options.timers,
      silence: "No answer came from the reader of this file.",
    });
  }

  begin(): void {
    this.#options.post({ kind: "ready", why: this.kept.why });
  }

  receive(message: unknown): void {
    if (!isReplacementHostMessage(message)) return;
    switch (message.kind) {
      case "reply":
      case "refusal":
        this.#requests.settle(message);
        break;
      case "document": {
        const { version, text, dirty, edits } = message;
        this.drafts.settle(edits, version);
        this.#change({ document: { version, text, dirty, edits } });
        break;
      }
      case "reading":
        this.#change({ reading: message.reading, problem: undefined });
        if (this.state.history === undefined) void this.readHistory();
        break;
      case "findings":
        this.#change({ findings: message.findings });
        break;
      case "saved":
        this.#change({ verdict: message.verdict, said: message.verdict.sentence });
        void this.readHistory();
        break;
      case "why":
        this.keep({ why: message.why });
        this.#change({});
        break;
      case "stale":
        this.#change({ refused: CHANGED, said: CHANGED });
        break;
      case "flush":
        this.drafts.flush();
        this.#options.post({ kind: "flushed" });
        break;
      case "try":
      case "tried":
      case "used":
        this.#change(afterTry(this.state, message));
        // What a step made of it is part of the history.
        if (message.kind === "used") void this.readHistory();
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
    this.#edit(changes);
    this.drafts.follow(changes);
    const follow = (path: Path): Path[] => {
      const after = changes.reduce<Path | undefined>((at, change) => at && pathAfter(at, change), path);
      return after ? [after] : [];
    };
    this.keep({ asJson: this.kept.asJson.flatMap(follow) });
    if (focus !== undefined) this.#focus = { place: focus, after: version };
    if (said !== undefined) this.#change({ said });
  }

  /** Number of the last edit. */
  get lastEdit(): number {
    return this.#edits;
  }

  /** Whether the reading is of a document that has this edit, or has refused it. */
  hasRead(edit: number): boolean {
    const { document, reading } = this.state;
    return document !== undefined && edit <= document.edits && (reading?.version ?? 0) >= document.version;
  }

  /** As edit, of what is typed: by the draft itself, which is no longer held back. @returns the edit's number */
  type(change: Change): number {
    return this.#edit([change]);
  }

  /** @returns the edit's number */
  rewrite(text: string): number {
    this.#edits++;
    const { version } = this.state.document ?? { version: 0 };
    this.#options.post({ kind: "rewrite", edit: this.#edits, version, text });
    return this.#edits;
  }

  /** Of the next saving. */
  explain(why: string): void {
    this.keep({ why: why.slice(0, 2000) });
    this.#options.post({ kind: "why", why: this.kept.why });
    this.#change({});
  }

  keep(changes: Partial<Kept>): void {
    this.kept = { ...this.kept, ...changes };
    this.#options.keep(this.kept);
  }

  showAsJson(call: Path, asJson: boolean): void {
    const others = this.kept.asJson.filter((path) => !isSame(path, call));
    this.keep({ asJson: asJson ? [...others, call] : others });
    this.#change({});
  }

  isShownAsJson(call: Path): boolean {
    return this.kept.asJson.some((path) => isSame(path, call));
  }

  command(name: "backToAutomatic" | "reopenAsText"): void {
    this.drafts.flush();
    this.#options.post({ kind: "command", name });
  }

  /** A wish about trying the edit, of all that is typed so far. */
  wish(message: TryViewMessage): void {
    this.drafts.flush();
    this.#options.post(message);
  }

  /** @throws RequestFailed */
  candidates(search: string): Promise<ReplacementResult<"candidates">> {
    return this.#requests.ask("candidates", { search });
  }

  /**
   * What could be typed in a text that stands for the value at a path.
   *
   * @throws RequestFailed
   */
  async completions(path: Path, text: string, offset: number): Promise<Completion[]> {
    return (await this.#requests.ask("completions", { path, text, offset })).items;
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
    const place = CSS.escape(focus.place);
    // A group has the focus in its first field.
    const found =
      document.querySelector(`[data-place="${place}"]`) ?? document.querySelector(`[data-place^="${place}\\."]`);
    if (found instanceof HTMLElement) found.focus();
    this.#focus = undefined;
  }

  #edit(changes: Change[]): number {
    this.#edits++;
    const { version } = this.state.document ?? { version: 0 };
    this.#options.post({ kind: "edit", edit: this.#edits, version, changes });
    if (this.state.refused !== undefined) this.#change({ refused: undefined });
    return this.#edits;
  }

  #change(changes: Partial<EditorState>): void {
    this.state = { ...this.state, ...changes };
    this.#options.changed();
  }
}

const isSame = (one: Path, other: Path): boolean => one.length === other.length && isWithin(one, other);

const CHANGED = "The file was changed elsewhere; this shows it as it is now.";
