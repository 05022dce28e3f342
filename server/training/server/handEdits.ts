/**
 * The researcher's edits of a run: files are checked, put on record with the first step that may use them, and only then
 * used. A step that is replayed gets what is on record for it, whatever the files hold by now.
 */
import type { CurriculumMode } from "../../../schemas/experiment.ts";
import { describe } from "../../../schemas/problem.ts";
import type { EditEvent } from "../../../schemas/protocol.ts";
import type { Replacement } from "../../../schemas/replacement.ts";
import type { EditRecord, StoredEdit } from "../../store/curriculumRows.ts";
import { plain } from "../../toolcalls/display.ts";
import { type ReplacementContext, readReplacement } from "../../toolcalls/replacements.ts";
import { shownBy } from "../curriculum/curriculum.ts";
import type { EditSource, HandEdit } from "../curriculum/hands.ts";
import type { Dataset } from "../rows.ts";
import type { ReplacementFolder } from "./replacementFolder.ts";

export const OVER_BUDGET =
  "With these demonstrations the prompt is longer than settings.lengths.prompt; show fewer or shorter ones.";

/** Longest reason that is told, UTF-16 units. */
const REASON = 500;

export interface HandEditOptions {
  /** Undefined where the run takes no edits. */
  folder: ReplacementFolder | undefined;
  data: Pick<Dataset, "train" | "tools" | "fewShotPrompt">;
  /** B: so many rows must be left. */
  batch: number;
  mode: CurriculumMode;
  /** Edits on record, in order. */
  recorded: readonly StoredEdit[];
  /** Newest step that is known to be on record. */
  newestStep(): number;
  record(edits: readonly EditRecord[]): StoredEdit[];
  tell(event: EditEvent): void;
}

/** What a file says that was looked at. */
interface Verdict {
  event: EditEvent;
  text: string | null;
}

export class HandEdits implements EditSource {
  readonly #options: HandEditOptions;
  readonly #context: ReplacementContext;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #recorded: StoredEdit[];
  /** Last text of each file on record, accepted or refused. */
  readonly #seen = new Map<string, string | null>();
  /** Samples whose edits are in force, with their files. */
  readonly #inForce = new Map<string, { file: string; action: EditEvent["action"] }>();
  readonly #refused = new Set<string>();
  readonly #told = new Map<string, string>();
  #asked = 0;
  #newest = 0;

  constructor(options: HandEditOptions) {
    this.#options = options;
    const { data } = options;
    this.#context = { samples: new Map(data.train.map(({ sample }) => [sample.id, sample])), tools: data.tools };
    this.#rows = new Map(data.train.map(({ sample, index }) => [sample.id, index]));
    this.#recorded = [...options.recorded];
    for (const edit of this.#recorded) this.#note(edit);
  }

  at(step: number): HandEdit[] {
    this.#asked = step;
    // A replay tells of older steps again; what is on record stays on record.
    this.#newest = Math.max(this.#newest, this.#options.newestStep());
    if (step > this.#newest) {
      const verdicts = this.#look(step);
      const stored =
        verdicts.length === 0 ? [] : this.#options.record(verdicts.map(({ event, text }) => ({ ...event, text })));
      for (const edit of stored) this.#note(edit);
      this.#recorded.push(...stored);
      this.#tell(verdicts);
    }
    return this.#handEdits((edit) => edit.step === step);
  }

  /** Edits that the steps up to this one have used. */
  upTo(step: number): HandEdit[] {
    return this.#handEdits((edit) => edit.step <= step);
  }

  /** Looks at the folder between two steps, so that a person hears at once what the next one will make of it. */
  notice(): void {
    this.#tell(this.#look(this.#asked + 1));
  }

  /** Takes a client's snapshot and says what the next step will make of it. */
  offer(files: readonly { file: string; text: string | null }[]): EditEvent[] {
    const { folder } = this.#options;
    const step = this.#asked + 1;
    if (folder === undefined) {
      const reason = "This run takes no edits; settings.curriculum.replacements says so.";
      return files.map(({ file }) => ({ file, sample: null, action: "refused", step, reason }));
    }
    for (const { file, text } of files) folder.offer(file, text);
    const names = new Set(files.map(({ file }) => file));
    return this.#look(step).flatMap(({ event }) => (names.has(event.file) ? [event] : []));
  }

  /** The replacement that a text holds, or why a run would refuse it whatever other files there are. */
  read(file: string, text: string): Replacement | string {
    return this.#judge(file, text, new Map());
  }

  /** Tells what was not told before in the same words. */
  #tell(verdicts: readonly Verdict[]): void {
    for (const { event, text } of verdicts) {
      const told = JSON.stringify([event.action, event.sample, event.reason, text]);
      if (this.#told.get(event.file) !== told) this.#options.tell(event);
      this.#told.set(event.file, told);
    }
  }

  /** Every file that is not as it is on record. */
  #look(step: number): Verdict[] {
    const texts = this.#options.folder?.read();
    if (texts === undefined) return [];
    const verdicts: Verdict[] = [];
    // What goes comes first: it may make room for what another file wants.
    const inForce = new Map(this.#inForce);
    for (const [file, text] of this.#seen) {
      if (text === null || texts.has(file)) continue;
      for (const [sample, edit] of inForce) {
        if (edit.file !== file) continue;
        inForce.delete(sample);
        verdicts.push({ event: { file, sample, action: "automatic", step, reason: null }, text: null });
      }
      if (verdicts.at(-1)?.event.file !== file) {
        verdicts.push({ event: { file, sample: null, action: "automatic", step, reason: null }, text: null });
      }
    }
    for (const [file, text] of texts) {
      const isSeen = this.#seen.get(file) === text;
      // What was refused for the sake of another file may have its turn when that one is gone.
      if (isSeen && !this.#refused.has(file)) continue;
      const judged = this.#judge(file, text, inForce);
      if (typeof judged === "string") {
        if (isSeen) continue;
        verdicts.push({ event: { file, sample: null, action: "refused", step, reason: judged }, text });
        continue;
      }
      const { sample, action } = judged;
      for (const [other, edit] of inForce) {
        if (edit.file !== file || other === sample) continue;
        inForce.delete(other);
        verdicts.push({ event: { file, sample: other, action: "automatic", step, reason: null }, text });
      }
      inForce.set(sample, { file, action });
      verdicts.push({ event: { file, sample, action, step, reason: null }, text });
    }
    return verdicts;
  }

  /** The replacement, or why it is refused. */
  #judge(
    file: string,
    text: string,
    inForce: ReadonlyMap<string, { file: string; action: EditEvent["action"] }>,
  ): Replacement | string {
    const path = this.#options.folder?.pathOf(file) ?? file;
    const read = readReplacement(path, this.#context, text);
    if ("problems" in read) {
      const [first] = read.problems;
      return plain(first ? describe(first) : "This is no replacement.", REASON);
    }
    const { replacement } = read;
    const other = inForce.get(replacement.sample);
    if (other && other.file !== file) {
      return `The sample "${plain(replacement.sample)}" is edited by ${plain(other.file)} already; delete one of the two files.`;
    }
    return this.#unusable(replacement, inForce) ?? replacement;
  }

  /** Why a sound edit cannot be trained on. */
  #unusable(
    replacement: Replacement,
    inForce: ReadonlyMap<string, { action: EditEvent["action"] }>,
  ): string | undefined {
    const { data, batch, mode } = this.#options;
    // Nobody would ever find out that such a row is hard no longer: rounds do not probe, and it is not drawn raw.
    if (mode === "none" && replacement.scope === "whileHard") {
      return 'With settings.curriculum.mode "none" the run does not look again whether a row is hard, so "while it is hard" has no end; set the scope to "always".';
    }
    const sample = this.#context.samples.get(replacement.sample);
    if (replacement.action === "fewshot" && sample && !data.fewShotPrompt(sample, shownBy(replacement))) {
      return OVER_BUDGET;
    }
    if (replacement.action !== "exclude") return undefined;
    const excluded = new Set([...inForce].flatMap(([id, { action }]) => (action === "exclude" ? [id] : [])));
    const left = data.train.length - excluded.add(replacement.sample).size;
    if (left >= batch) return undefined;
    return `A step draws ${batch} different rows, and with this exclusion only ${left} would be left.`;
  }

  #note({ file, text, sample, action }: StoredEdit): void {
    this.#seen.set(file, text);
    if (action === "refused") this.#refused.add(file);
    else this.#refused.delete(file);
    if (sample === null || action === "refused") return;
    if (action === "automatic") this.#inForce.delete(sample);
    else this.#inForce.set(sample, { file, action });
  }

  #handEdits(wanted: (edit: StoredEdit) => boolean): HandEdit[] {
    return this.#recorded.filter(wanted).flatMap((edit): HandEdit[] => {
      const { sequence, step, sample, action, text, file } = edit;
      const row = sample === null ? undefined : this.#rows.get(sample);
      if (row === undefined || action === "refused") return [];
      if (action === "automatic" || text === null) return [{ sequence, step, row, replacement: null }];
      const read = readReplacement(file, this.#context, text);
      if ("problems" in read) throw read.problems[0] ?? new Error(`The edit ${sequence} cannot be read`);
      return [{ sequence, step, row, replacement: read.replacement }];
    });
  }
}
