/**
 * The samples a run was given: what was asked and the gold calls. They are read from the files of the experiment, and
 * only where those still are what the run read; the store itself holds prompts as drawn, not samples.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../../schemas/problem.ts";
import type { RolloutPhase, RunRecord } from "../../schemas/run.ts";
import { Sample } from "../../schemas/samples.ts";
import { check } from "../../server/toolcalls/check.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { readJsonLines } from "../../server/toolcalls/documents.ts";
import { homesOfRun, liesWithin } from "../../server/toolcalls/project.ts";

/** Samples by id, or one sentence why they are not known. */
export type Samples = { byId: ReadonlyMap<string, Sample> } | { problem: string };

export class Dataset {
  readonly #record: RunRecord;
  readonly #homes: readonly string[];
  readonly #files = new Map<string, Samples>();
  /** Of all gold calls. */
  readonly goldTools = new Set<string>();

  /** @param folder of the run */
  constructor(record: RunRecord, folder: string) {
    this.#record = record;
    this.#homes = homesOfRun(folder);
  }

  /** Reads the files; takes about a second for each hundred thousand samples. */
  load(): void {
    const { train, heldOut } = this.#record.experiment;
    for (const file of [train, heldOut]) {
      if (file !== undefined) this.#files.set(file, readSamples(file, this.#record, this.#homes));
    }
    for (const samples of this.#files.values()) {
      if ("problem" in samples) continue;
      for (const { answer } of samples.byId.values()) for (const { name } of answer) this.goldTools.add(name);
    }
  }

  /** Of the file that the samples of a phase come from. */
  of(phase: RolloutPhase): Samples {
    const { train, heldOut } = this.#record.experiment;
    const file = phase === "evaluation" ? heldOut : train;
    if (file === undefined) return { problem: "The run names no held-out samples, so the gold calls are not known." };
    return this.#files.get(file) ?? { problem: "The samples have not been read yet." };
  }

  sample(phase: RolloutPhase, id: string): Sample | undefined {
    const samples = this.of(phase);
    return "byId" in samples ? samples.byId.get(id) : undefined;
  }
}

function readSamples(file: string, { inputs }: RunRecord, homes: readonly string[]): Samples {
  const input = inputs.find((candidate) => candidate.file === file);
  const lost = "so the gold calls of this run are not known";
  // A record may have come with its folder, and is looked at before anybody trusts it.
  if (!liesWithin(homes, file))
    return {
      problem: `${plain(file, 300)} lies outside of the run's project, ${lost}; allow its folder (toolexpander.allowedFolders).`,
    };
  if (!input) return { problem: `The record of the run does not list ${file}, ${lost}.` };
  if (!existsSync(file)) return { problem: `${file} is no longer there, ${lost}; put it back and retry.` };
  try {
    if (createHash("sha256").update(readFileSync(file)).digest("hex") !== input.sha256) {
      return { problem: `${file} has changed since the run read it, ${lost}.` };
    }
    const documents = readJsonLines(file, { exactNumbers: true });
    return {
      byId: new Map(documents.map((document) => check<Sample>(Sample, document)).map((sample) => [sample.id, sample])),
    };
  } catch (error) {
    if (error instanceof InputError) return { problem: `${file} cannot be read (${error.message}), ${lost}.` };
    return { problem: `${file} cannot be read (${(error as Error).message}), ${lost}.` };
  }
}
