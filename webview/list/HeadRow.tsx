// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the order has a field of its own for the keyboard
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold rows that are placed by hand
/** The row with the heads of a grid's columns. A click on one orders the list by it. */
import { Icon } from "../controls/Icon.tsx";

export interface ColumnHead {
  id: string;
  text: string;
  /** How the list is ordered by it; undefined where it is not. */
  sorted: "ascending" | "descending" | undefined;
  /** Undefined where the list cannot be ordered by it. */
  sort: (() => void) | undefined;
}

export function HeadRow({ columns }: { columns: readonly ColumnHead[] }) {
  return (
    <div class="row head" role="row" aria-rowindex={1}>
      {columns.map(({ id, text, sorted, sort }) => (
        <span
          key={id}
          role="columnheader"
          class={`${id}${sort ? " sortable" : ""}`}
          aria-sort={sorted}
          title={sort && `Order by ${text}`}
          onClick={sort}
        >
          {text}
          {sorted && <Icon name={sorted === "ascending" ? "chevron-up" : "chevron-down"} />}
        </span>
      ))}
    </div>
  );
}
