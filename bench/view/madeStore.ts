/**
 * A store of a million rollouts, written fast: the store's own tables, columns and counting of groups, without the writer's
 * comparison of each step with its twin and without a sync for each. Made once and kept in the temporary folder under a hash
 * of its recipe; what is measured works on copies.
 */
import { constants, copyFileSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stepOf } from "../../extension/rollouts/testing/madeRun.ts";
import { closeWriting, inTransaction, openForWriting } from "../../server/store/database.ts";
import { countStep } from "../../server/store/groups.ts";
import { hashOf, type RolloutRecord, rolloutColumns, toStored } from "../../server/store/rows.ts";
import { STORE_VERSION } from "../../server/store/tables.ts";
import { thoughtAt } from "./thoughts.ts";

export interface Recipe {
  steps: number;
  /** Of a step. */
  groups: number;
  groupSize: number;
  /** Samples of the data set. */
  rows: number;
}

/** What a search may look for: a word in one completion of 9,973, one in most groups, one in none. */
export const needles = { rare: "quetzalcoatlus", common: "set_alarm", none: "xylophonist" } as const;
const rarely = 9973;

/** A change in any of them makes another store. */
const sources = ["madeStore.ts", "thoughts.ts", "../../extension/rollouts/testing/madeRun.ts"];

/** The step's rollouts as a policy that thinks first would have written them. */
export function thoughtfulStep(step: number, { groups, groupSize, rows }: Omit<Recipe, "steps">) {
  const made = stepOf(step, groups, groupSize, rows, { thought: 0, promptLength: 1500 });
  const rollouts = made.rollouts.map((record): RolloutRecord => {
    const { group, rollout, completion } = record;
    const number = (step * groups + group) * groupSize + rollout;
    const found = number % rarely === 0 ? ` ${needles.rare}` : "";
    return { ...record, completion: `<think>${thoughtAt(step, group, rollout)}${found}</think>${completion}` };
  });
  return { ...made, rollouts };
}

/** Copies the store of the recipe to a file, made first where it is not there yet. */
export function copyMadeStore(recipe: Recipe, to: string): void {
  const texts = sources.map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));
  const name = hashOf(JSON.stringify([STORE_VERSION, recipe, texts])).slice(0, 16);
  const kept = join(tmpdir(), `toolexpander-bench-${name}.sqlite`);
  if (!existsSync(kept)) make(recipe, kept);
  copyFileSync(kept, to, constants.COPYFILE_FICLONE);
}

function make(recipe: Recipe, file: string): void {
  const unfinished = `${file}.${process.pid}`;
  rmSync(unfinished, { force: true });
  const database = openForWriting(unfinished);
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
  const marks = rolloutColumns.map(() => "?").join(", ");
  const insertPrompt = database.prepare("INSERT OR IGNORE INTO prompts VALUES (?, ?)");
  const insert = database.prepare(`INSERT INTO rollouts (${rolloutColumns.join(", ")}) VALUES (${marks})`);
  const counting = countStep.map((sql) => database.prepare(sql));
  const sum = database.prepare(
    `INSERT INTO steps SELECT ?, count(*), total(correct), total(outcome = 'malformed'), total(truncated), total(length)
     FROM rollouts WHERE step = ? AND phase = 'train'`,
  );
  for (let step = 1; step <= recipe.steps; step++) {
    inTransaction(database, () => {
      for (const record of thoughtfulStep(step, recipe).rollouts) {
        const row = toStored(step, "train", record);
        insertPrompt.run(row.prompt, record.prompt);
        insert.run(...rolloutColumns.map((column) => row[column]));
      }
      for (const statement of counting) statement.run(step);
      sum.run(step, step);
    });
  }
  closeWriting(database);
  renameSync(unfinished, file);
}
