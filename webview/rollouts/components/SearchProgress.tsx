/** How far the search for a text has come, with the way to stop it and to go on. */
import type { SearchState } from "../../../schemas/rolloutView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button } from "../../controls/index.tsx";

export interface SearchProgressProps {
  search: SearchState;
  /** Stops the search, or goes on with it. */
  go(on: boolean): void;
}

/** Nothing once all was read. */
export function SearchProgress({ search: { read, of, going }, go }: SearchProgressProps) {
  if (going === "ended") return null;
  const on = going === "on";
  const percent = Math.floor((100 * read) / Math.max(1, of));
  return (
    <span class="searching dim">
      <span
        class="progress"
        role="progressbar"
        aria-label="Texts that were searched"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${percent}%` }} />
      </span>
      {on ? `${percent} % searched` : `stopped at ${percent} %`}
      <Button appearance="icon" label={on ? "Stop the search" : "Go on with the search"} onClick={() => go(!on)}>
        <Icon name={on ? "debug-stop" : "debug-continue"} />
      </Button>
    </span>
  );
}
