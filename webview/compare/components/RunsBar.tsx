/** Which runs are compared, and with which of them. */
import { Icon } from "../../controls/Icon.tsx";
import { Button } from "../../controls/index.tsx";
import { visibleText } from "../../text/visible.ts";
import { counted } from "../../words/numbers.ts";
import { runStates } from "../../words/runStates.ts";
import type { Known } from "../state/known.ts";
import type { NamedRun } from "../state/persisted.ts";

export interface RunsBarProps {
  runs: readonly NamedRun[];
  known: readonly Known[];
  makeFirst(folder: string): void;
  choose(): void;
}

export function RunsBar({ runs, known, makeFirst, choose }: RunsBarProps) {
  return (
    <header class="part runs-bar">
      <h1>Comparison of {runs.length} runs</h1>
      <ol>
        {runs.map(({ folder, title }, place) => (
          <li key={folder}>
            <strong>{visibleText(title)}</strong>
            <State run={known.find((run) => run.folder === folder)} />
            {place === 0 ? (
              <span class="dim">the others are compared with this one</span>
            ) : (
              <button type="button" class="as-link" onClick={() => makeFirst(folder)}>
                Compare with this one<span class="for-readers">: {visibleText(title)}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      <Button onClick={choose}>Choose runs…</Button>
    </header>
  );
}

function State({ run }: { run: Known | undefined }) {
  const { state = null, lastStep = 0, plannedSteps = 0 } = run?.described ?? {};
  if (state === null) return null;
  const { icon, text } = runStates[state];
  return (
    <span class="state">
      <Icon name={icon} spin={state === "running"} /> {text}, step {counted(lastStep)} of {counted(plannedSteps)}
    </span>
  );
}
