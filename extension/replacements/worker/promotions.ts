/** Where promoted rollouts come from and go to: stores of runs, tries, the files of their experiment. */
import { Type } from "@sinclair/typebox";
import { InputError } from "../../../schemas/problem.ts";
import { ReplacementDemonstration } from "../../../schemas/replacement.ts";
import type { RolloutPosition } from "../../../schemas/run.ts";
import { ToolCall } from "../../../schemas/samples.ts";
import type { RunReader } from "../../../server/store/reader.ts";
import { follows } from "../../../server/toolcalls/check.ts";
import { parseCompletion } from "../../../server/toolcalls/completion.ts";
import { showValue } from "../../../server/toolcalls/display.ts";
import { isJsonObject, parseExactJson } from "../../../server/toolcalls/json.ts";
import type { CorrectRollout, PromotedFrom, Promotion } from "../messages.ts";
import { type DrawnRollout, demonstrationOf, editWith, lineFor } from "./promotion.ts";
import type { Workbook } from "./workbook.ts";

/** A person chooses from no more. */
const MOST_LISTED = 200;

const Calls = Type.Array(ToolCall);

export interface Sources {
  /** Of a run's folder. */
  workbookOf(run: string): Workbook;
  /** Of an edit and the sample it is of. */
  workbookAround(file: string, sample: string): Workbook;
  withStore<T>(run: string, read: (reader: RunReader) => T): T | undefined;
}

export class Promotions {
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Correct rollouts of training, newest first. */
  list(run: string): CorrectRollout[] {
    const { samples } = this.#sources.workbookOf(run);
    const query = { phase: "train", outcome: "correct", newestFirst: true, limit: MOST_LISTED } as const;
    const rows = this.#sources.withStore(run, (reader) => reader.rollouts(query).rows) ?? [];
    return rows.map(({ step, phase, group, rollout, sample, completion }) => ({
      at: { step, phase, group, rollout },
      sample,
      query: samples.get(sample)?.query ?? "",
      calls: showValue(parseCompletion(completion).calls, 200),
    }));
  }

  /** @throws InputError where the rollout is gone, or must not be shown to others */
  find(from: PromotedFrom): Promotion {
    const { rollout, workbook } = from.kind === "stored" ? this.#stored(from) : this.#tried(from);
    const { sample } = rollout;
    const demonstration = JSON.stringify(demonstrationOf(rollout, workbook.samples.get(sample)));
    return { sample, demonstration, demonstrations: workbook.experiment.demonstrations ?? null };
  }

  /** @throws InputError where the text has it already */
  toFile({ sample, demonstration, text }: Promotion & { text: string }): { id: string; insert: string } {
    return lineFor(text, sample, shownIn(demonstration));
  }

  /** @throws InputError where the edit has it already, is of another kind, or is of a sample whose answer it would give away */
  toEdit({ demonstration, file, text }: Promotion & { file: string; text: string }): string {
    let edit: unknown;
    try {
      edit = parseExactJson(text);
    } catch {
      throw new InputError("This edit is broken; mend it first.", { file });
    }
    const id = isJsonObject(edit) && typeof edit.sample === "string" ? edit.sample : "";
    const row = this.#sources.workbookAround(file, id).samples.get(id);
    if (!row)
      throw new InputError("The sample of this edit is not known, so nothing can be shown before it.", { file });
    return editWith(text, row, shownIn(demonstration));
  }

  #stored({ run, at }: Extract<PromotedFrom, { kind: "stored" }>): { rollout: DrawnRollout; workbook: Workbook } {
    const before = { ...at, rollout: at.rollout - 1 };
    const { step, phase } = at;
    const row = this.#sources.withStore(
      run,
      (reader) => reader.rollouts({ step, phase, after: before, limit: 1 }).rows[0],
    );
    if (!row || !isAt(row, at)) throw new InputError("The store has no such rollout any more.", { file: run });
    const { sample, completion, outcome } = row;
    const { calls } = parseCompletion(completion);
    const rollout: DrawnRollout = { sample, phase, correct: outcome === "correct", calls, completion };
    return { rollout, workbook: this.#sources.workbookOf(run) };
  }

  #tried({ file, sample, rollout }: Extract<PromotedFrom, { kind: "tried" }>) {
    const calls = parseExactJson(rollout.calls);
    if (!follows(Calls, calls)) throw new InputError("The calls of this rollout cannot be read.", { file });
    const { correct, text: completion } = rollout;
    const drawn: DrawnRollout = { sample, phase: "try", correct, calls, completion };
    return { rollout: drawn, workbook: this.#sources.workbookAround(file, sample) };
  }
}

const isAt = (row: RolloutPosition, at: RolloutPosition): boolean =>
  row.group === at.group && row.rollout === at.rollout;

function shownIn(json: string): ReplacementDemonstration {
  const value = parseExactJson(json);
  if (!follows(ReplacementDemonstration, value)) throw new Error("A promotion is no demonstration");
  return value;
}
