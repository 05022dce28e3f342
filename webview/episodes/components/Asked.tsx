/** What an episode was asked, what came of it and why, and what it was given. */
import type { EpisodeDetail } from "../../../schemas/episodesView.ts";
import { Marks } from "../../controls/Marks.tsx";
import { HostileText } from "../../text/HostileText.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { plural, signed } from "../../words/numbers.ts";
import type { EpisodesClient } from "../client/episodesClient.ts";
import { markOf, outcomeText } from "../state/words.ts";
import { EpisodeText } from "./EpisodeText.tsx";

/** A question that is no longer is whole in the pane's heading, and one that is no longer stands above the turns as it is. UTF-16 units. */
const HEADING = 100;
const SHORT = 400;

export function Asked({ client, detail }: { client: EpisodesClient; detail: EpisodeDetail }) {
  const { row, query, offered, accepted, answer, reason, unknown } = detail;
  const whole = { of: "query", turn: null, candidate: null } as const;
  return (
    <>
      {query.total > SHORT ? (
        <EpisodeText client={client} episode={row} place={whole} part={query} label="Question" />
      ) : (
        query.total > HEADING && (
          <p class="query">
            <HostileText text={query.text} />
          </p>
        )
      )}
      <p class="outcome">
        <Marks marks={markOf(row)} /> <strong>{outcomeText(row)}</strong>
        <span class="dim">
          {" "}
          · {plural(row.turns, "turn")}
          {row.return !== null && ` · return ${signed(row.return)}`}
          {row.category !== null && ` · ${oneLine(row.category, 60)}`} ·{" "}
          <span class="mono">{oneLine(row.question, 60)}</span>
        </span>
      </p>
      <p class="reason">{visibleText(reason)}</p>
      {unknown !== null && <p class="warning">{visibleText(unknown)}</p>}
      {(offered !== null || accepted !== null || (answer !== null && answer.total > SHORT)) && (
        <details class="given">
          <summary>What it was given</summary>
          <dl>
            {offered !== null && (
              <>
                <dt>Tools offered</dt>
                <dd class="mono">{offered.map((name) => oneLine(name, 60)).join(", ")}</dd>
              </>
            )}
            {accepted !== null && (
              <>
                <dt>Answers that are right</dt>
                <dd>
                  <ul>
                    {accepted.map((one, index) => (
                      <li key={index} class="mono">
                        <HostileText text={one} />
                      </li>
                    ))}
                  </ul>
                </dd>
              </>
            )}
          </dl>
        </details>
      )}
    </>
  );
}
