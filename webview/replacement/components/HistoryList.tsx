/** Who changed the edit, when and why, and what came of it in the run. */
import type { HistoryEntry } from "../../../schemas/replacementView.ts";
import { oneLine } from "../../text/visible.ts";
import { useEditor } from "./context.ts";

const words = {
  saved: "Saved",
  taken: "Taken by the run",
  refused: "Refused by the run",
  automatic: "Given back to the algorithm",
} as const;

export function HistoryList() {
  const { client } = useEditor();
  const { history } = client.state;
  if (!history) return null;
  const { entries, automatic, problem } = history;
  return (
    <section class="history" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      {problem && <p class="warning">{problem}</p>}
      {entries.length === 0 && <p class="dim">Nothing yet. Every saving is put down here.</p>}
      <ol>
        {entries.map((entry, index) => (
          <li key={index}>
            <Entry entry={entry} />
          </li>
        ))}
      </ol>
      {automatic && <p class="dim">Without an edit: {outcomeText(automatic)}.</p>}
    </section>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { kind, at, by, why, step, outcome } = entry;
  const time = new Date(at);
  return (
    <>
      <p>
        <strong>{words[kind]}</strong>
        {by !== null && ` by ${oneLine(by, 60)}`}
        {step !== null && <span class="dim"> {kind === "saved" ? `after step ${step}` : `from step ${step} on`}</span>}
        <time class="dim" dateTime={at}>
          {Number.isNaN(time.valueOf()) ? oneLine(at, 40) : time.toLocaleString()}
        </time>
      </p>
      {why !== null && <p>{oneLine(why, 500)}</p>}
      {outcome && <p class="outcome">{outcome.draws === 0 ? "Not drawn yet" : outcomeText(outcome)}</p>}
    </>
  );
}

const outcomeText = ({ draws, rollouts, correct }: { draws: number; rollouts: number; correct: number }): string =>
  `${correct} of ${rollouts} rollouts correct in ${draws} ${draws === 1 ? "draw" : "draws"}`;
