/** One page of rows whose outcome differs; each outcome leads to the rollouts that it was counted from. */
import type { RowOutcome, SamplesPage } from "../../../schemas/compareView.ts";
import { Button } from "../../controls/index.tsx";
import { visibleText } from "../../text/visible.ts";
import { counted } from "../../words/numbers.ts";
import type { NamedRun } from "../state/persisted.ts";
import { outcomeText } from "../state/words.ts";
import { Scrolling } from "./Part.tsx";

/** Rows at once. */
export const PAGE = 25;

export interface SampleTableProps {
  page: SamplesPage;
  runs: readonly [NamedRun, NamedRun];
  open(run: NamedRun, sample: string): void;
  turn(start: number): void;
}

export function SampleTable({ page: { rows, start, total, steps }, runs, open, turn }: SampleTableProps) {
  const asked = rows.some(({ query }) => query !== "");
  if (total === 0) return <p class="dim">No row is solved by one of the two alone.</p>;
  return (
    <>
      <Scrolling label="Rows whose outcome differs, scrolls">
        <table class="side-by-side">
          <thead>
            <tr>
              <th scope="col">Sample</th>
              {asked && <th scope="col">Question</th>}
              {runs.map(({ folder, title }, place) => (
                <th key={folder} scope="col">
                  {visibleText(title)} <span class="dim">step {counted(steps[place] ?? 0)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ sample, query, first, second }) => (
              <tr key={sample}>
                <th scope="row" class="mono">
                  {visibleText(sample)}
                </th>
                {asked && <td class="question">{visibleText(query)}</td>}
                {[first, second].map((outcome, place) => {
                  const run = runs[place === 0 ? 0 : 1];
                  return (
                    <td key={run.folder}>
                      <OutcomeLink outcome={outcome} sample={sample} run={run} open={() => open(run, sample)} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
      <div class="pager">
        <span role="status">
          {counted(start + 1)} to {counted(start + rows.length)} of {counted(total)}
        </span>
        {start > 0 && <Button onClick={() => turn(Math.max(0, start - PAGE))}>Previous</Button>}
        {start + PAGE < total && <Button onClick={() => turn(start + PAGE)}>Next</Button>}
      </div>
    </>
  );
}

interface OutcomeLinkProps {
  outcome: RowOutcome;
  sample: string;
  run: NamedRun;
  open(): void;
}

function OutcomeLink({ outcome, sample, run, open }: OutcomeLinkProps) {
  const solved = outcome.correct > 0;
  const words = outcomeText(outcome);
  return (
    <button
      type="button"
      class={`as-link outcome ${solved ? "is-solved" : "is-missed"}`}
      aria-label={`${visibleText(sample)}: ${words} in ${visibleText(run.title)}. Open its rollouts there.`}
      onClick={open}
    >
      <span class={`codicon codicon-${solved ? "pass" : "error"}`} aria-hidden="true" />
      <span>{words}</span>
    </button>
  );
}
