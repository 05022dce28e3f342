/** What is wrong with something, one sentence each. */

export interface Fault {
  sentence: string;
  severity: "error" | "warning" | "information" | "hint";
  /** That found it. */
  rule?: string;
}

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

/** A hint is no reason to call a value wrong. */
export const isAtFault = (faults: readonly Fault[] | undefined): boolean =>
  faults?.some(({ severity }) => severity === "error" || severity === "warning") ?? false;
