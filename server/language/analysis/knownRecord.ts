/** One record of an open document: what is known of it, and where it is now. */
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { locatorOf, type Span } from "../records/locate.ts";
import type { RecordDocument, RecordSlot } from "../records/recordDocument.ts";
import type { RecordFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { Origin, ScopedTool, TextRange } from "./scope.ts";

const NO_FACTS: RecordFacts = { facts: [] };

export class KnownRecord implements Origin {
  readonly slot: RecordSlot;
  readonly #document: RecordDocument;
  /** Where it was last seen. */
  index: number;
  /** `new`: never looked at. `stale`: what is known may have changed. `gone`: edited away. */
  state: "new" | "stale" | "known" | "gone" = "new";
  findings: readonly Finding[] = [];
  facts: RecordFacts = NO_FACTS;
  /** What it means beside other records; undefined where they have changed. */
  across: readonly Finding[] | undefined;
  /** Tools it defines for other records. */
  tools: readonly ScopedTool[] = [];
  /** Its findings depend on tools that are defined elsewhere. */
  usesTools = false;
  #spans: Map<Ref, Span> | undefined;

  constructor(document: RecordDocument, slot: RecordSlot, index: number) {
    this.#document = document;
    this.slot = slot;
    this.index = index;
  }

  get file(): string {
    return this.#document.file;
  }

  get start() {
    return this.#document.start(this.#find());
  }

  text(): string {
    return this.slot.text;
  }

  /** Many findings point at one tool, so places are kept; they hold as long as the record's text. */
  locate(ref: Ref): TextRange {
    this.#spans ??= new Map();
    let span = this.#spans.get(ref);
    if (span === undefined) {
      span = locatorOf(this.slot, () => this.slot.text).locate(ref);
      this.#spans.set(ref, span);
    }
    const index = this.#find();
    return { start: this.#document.position(index, span.start), end: this.#document.position(index, span.end) };
  }

  /** Edits move records by a few places, so the search goes outwards from where it was. */
  #find(): number {
    const { count } = this.#document;
    for (let distance = 0; distance < count; distance++) {
      for (const index of [this.index - distance, this.index + distance]) {
        if (this.#document.slot(index) !== this.slot) continue;
        this.index = index;
        return index;
      }
    }
    return this.index;
  }
}
