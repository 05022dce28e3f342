/** What the editor keeps of the view while it is hidden and over reloads. */
import type { RowSource, SolvedBy } from "../../../schemas/compareView.ts";
import { MOST_SMOOTHING } from "../../curves/state/persisted.ts";

/** A run as the panel names it. */
export interface NamedRun {
  folder: string;
  title: string;
}

export interface Persisted {
  /** The panel finds them here when the editor brings the view back; the others are compared with the first. */
  runs: readonly NamedRun[];
  source: RowSource;
  solvedBy: SolvedBy;
  smoothing: number;
  table: boolean;
  /** Published values beside the curves that mean the same. */
  published: boolean;
  /** Of the held-out questions whose episodes are shown; null for all of them. */
  category: string | null;
}

/** What an older version kept, or nobody, is no reason to fail: the view is as it is at first. */
export function restore(kept: unknown, given: readonly NamedRun[]): Persisted {
  const { runs, source, solvedBy, smoothing, table, published, category } = (
    typeof kept === "object" && kept !== null ? kept : {}
  ) as Partial<Record<keyof Persisted, unknown>>;
  return {
    runs: inKeptOrder(given, runs),
    source: source === "training" ? source : "heldOut",
    solvedBy: solvedBy === "first" || solvedBy === "second" ? solvedBy : "any",
    smoothing: typeof smoothing === "number" && smoothing >= 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0.6,
    table: table === true,
    published: published === true,
    category: typeof category === "string" ? category : null,
  };
}

/** The runs are the panel's; which of them is the first may have been changed. */
function inKeptOrder(given: readonly NamedRun[], kept: unknown): NamedRun[] {
  const folders: unknown[] = Array.isArray(kept) ? kept.map((run: unknown) => folderOf(run)) : [];
  const place = ({ folder }: NamedRun): number => {
    const at = folders.indexOf(folder);
    return at < 0 ? folders.length : at;
  };
  return [...given].sort((a, b) => place(a) - place(b));
}

const folderOf = (run: unknown): unknown =>
  typeof run === "object" && run !== null && "folder" in run ? run.folder : undefined;

/** The runs in what the panel wrote into the page. */
export function namedRuns(text: string | undefined): NamedRun[] {
  const value: unknown = JSON.parse(text ?? "[]");
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((run) =>
    typeof run === "object" && run !== null && "folder" in run && "title" in run
      ? [{ folder: String(run.folder), title: String(run.title) }]
      : [],
  );
}
