/** What is wrong with something, one sentence each. */
import type { Fault } from "./faults.ts";

export interface FaultListProps {
  faults: readonly Fault[];
  id?: string;
}

/** Nothing where nothing is wrong. */
export function FaultList({ faults, id }: FaultListProps) {
  if (faults.length === 0) return null;
  return (
    <ul id={id} class="problems">
      {faults.map(({ sentence, severity, rule }) => (
        <li key={sentence} class={`is-${severity}`}>
          {sentence} {rule && <span class="dim rule">{rule}</span>}
        </li>
      ))}
    </ul>
  );
}
