/** What is wrong with a value. */
export interface Fault {
  sentence: string;
  severity: "error" | "warning" | "information" | "hint";
  /** That found it. */
  rule?: string;
}

/** A hint is no reason to call a value wrong. */
export const isAtFault = (faults: readonly Fault[] | undefined): boolean =>
  faults?.some(({ severity }) => severity === "error" || severity === "warning") ?? false;
