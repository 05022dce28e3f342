/** Lines of a file that are no trajectories: how many, and what is wrong with the first of them. */
import type { EpisodesHeader } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";

export function Faults({ faults: { lines, first } }: Pick<EpisodesHeader, "faults">) {
  if (lines === 0) return null;
  return (
    <div class="notice" role="status">
      <Icon name="warning" />
      <div>
        <p>{plural(lines, "line")} of this file cannot be read and is left out of the list.</p>
        <ul>
          {first.map((sentence) => (
            <li key={sentence}>{visibleText(sentence)}</li>
          ))}
          {lines > first.length && <li>… and {plural(lines - first.length, "more line", "more lines")}.</li>}
        </ul>
      </div>
    </div>
  );
}
