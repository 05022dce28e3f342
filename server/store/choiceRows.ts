/** The choices of tools in an evaluation, as they lie in rows. */
import type { EpisodeChoices, ToolChoices } from "../../schemas/choices.ts";
import type { EvaluationEvent } from "../../schemas/protocol.ts";
import type { RunStatement } from "./statements.ts";
import type { Row } from "./storeReader.ts";

/** In place of what an earlier life of the run wrote of the same evaluation. */
export function putChoices(run: RunStatement, { step, moment, choices }: EvaluationEvent): void {
  for (const table of ["evaluation_choices", "evaluation_entropies"])
    run(`DELETE FROM ${table} WHERE step = ? AND moment = ?`, step, moment);
  if (choices === undefined) return;
  const put = (category: string | null, { tools, entropyBits, entropyBitsPerQuestion }: ToolChoices): void => {
    for (const { tool, turns, share } of tools)
      run("INSERT INTO evaluation_choices VALUES (?, ?, ?, ?, ?, ?)", step, moment, category, tool, turns, share);
    const whole = category === null ? [choices.episodes, choices.turns, choices.unreadable] : [null, null, null];
    const bits = [entropyBits, entropyBitsPerQuestion];
    run("INSERT INTO evaluation_entropies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", step, moment, category, ...bits, ...whole);
  };
  put(null, choices);
  for (const [name, part] of Object.entries(choices.categories)) put(name, part);
}

/** Undefined where the evaluation was none of episodes. @param all rows of a query */
export function choicesOf(
  all: (sql: string, ...values: (string | number)[]) => Row[],
  step: number,
  moment: string,
): EpisodeChoices | undefined {
  const of = "WHERE step = ? AND moment = ? ORDER BY rowid";
  const entropies = all(`SELECT * FROM evaluation_entropies ${of}`, step, moment);
  const whole = entropies.find(({ category }) => category === null);
  if (whole === undefined) return undefined;
  const tools = all(`SELECT * FROM evaluation_choices ${of}`, step, moment);
  const parts = entropies.filter((row) => row !== whole);
  return {
    ...toChoices(whole, tools),
    episodes: whole.episodes as number,
    turns: whole.turns as number,
    unreadable: whole.unreadable as number,
    categories: Object.fromEntries(parts.map((row) => [row.category as string, toChoices(row, tools)])),
  };
}

function toChoices({ category, bits, bits_per_question }: Row, tools: readonly Row[]): ToolChoices {
  return {
    tools: tools
      .filter((row) => row.category === category)
      .map(({ tool, turns, share }) => ({
        tool: tool as string | null,
        turns: turns as number,
        share: share as number,
      })),
    entropyBits: bits as number,
    entropyBitsPerQuestion: bits_per_question as number,
  };
}
