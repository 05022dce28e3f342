/** The run at a glance: state, step, held-out accuracy, hard rows, and whether the view is live. */
import type { RunHeader } from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { visibleText } from "../../text/visible.ts";
import { counted, percent } from "../../words/numbers.ts";
import { type Connection, connections, runStates } from "../../words/runStates.ts";

export function Header({
  title,
  header,
  connection,
}: {
  title: string;
  header: RunHeader | undefined;
  connection: Connection;
}) {
  const state = header && runStates[header.state];
  const link = connections[connection];
  // A run that has ended changes no more, so there is nothing to be live about.
  const showLink = connection !== "live" || header?.state === "running" || header?.state === "paused";
  return (
    <header class="run">
      <h1 title={visibleText(header?.name ?? title)}>{visibleText(title)}</h1>
      {state && (
        <span class={`state state-${header.state}`} title={header.message ? visibleText(header.message) : undefined}>
          <Icon name={state.icon} spin={header.state === "running"} />
          {state.text}
        </span>
      )}
      {header && <Figures header={header} />}
      {showLink && (
        <span class={`link link-${connection}`}>
          <Icon name={link.icon} spin={connection === "connecting"} />
          {link.text}
        </span>
      )}
    </header>
  );
}

function Figures({ header: { step, steps, accuracy, hardRows, rollouts } }: { header: RunHeader }) {
  const { before, latest } = accuracy;
  return (
    <>
      <span class="figure">
        <span class="dim">step</span> {counted(step)}
        <span class="dim">/{counted(steps)}</span>
        <span
          class="progress"
          role="progressbar"
          aria-label="Steps"
          aria-valuenow={step}
          aria-valuemin={0}
          aria-valuemax={Math.max(1, steps)}
        >
          <span style={{ width: `${Math.min(100, (100 * step) / Math.max(1, steps))}%` }} />
        </span>
      </span>
      {latest && (
        <span
          class="figure"
          title={`95 % interval ${percent(latest.low)} to ${percent(latest.high)}, ${latest.rows} rows`}
        >
          <span class="dim">held-out</span> {before && before !== latest && `${percent(before.value)} → `}
          <strong>{percent(latest.value)}</strong>
        </span>
      )}
      {hardRows.latest !== null && (
        <span class="figure" title="Training rows that no rollout has solved">
          <span class="dim">hard rows</span>{" "}
          {hardRows.before !== null && hardRows.before !== hardRows.latest && `${counted(hardRows.before)} → `}
          {counted(hardRows.latest)}
        </span>
      )}
      <span class="figure">
        <span class="dim">rollouts</span> {counted(rollouts)}
      </span>
    </>
  );
}
