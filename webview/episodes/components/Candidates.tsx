/** The actions that a turn had to choose from: scores against the threshold, and which one was taken by which rule. */
import type { EpisodeDetail, ShownCandidate, ShownChoice } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import type { EpisodesClient } from "../client/episodesClient.ts";
import { actionLine, ruleSentence, scoreText, toolName } from "../state/words.ts";
import { ActionView } from "./ActionView.tsx";
import { EpisodeText } from "./EpisodeText.tsx";

export interface CandidatesProps {
  client: EpisodesClient;
  detail: EpisodeDetail;
  choice: ShownChoice;
  /** From 0. */
  turn: number;
}

export function Candidates({ client, detail, choice, turn }: CandidatesProps) {
  const { candidates, chosen, by, score } = choice;
  const { threshold } = detail;
  return (
    <>
      <h4>Candidates</h4>
      <p class={by === "best" ? "rule best" : "rule"}>
        {by === "best" && <Icon name="warning" />} {ruleSentence(choice, threshold)}
      </p>
      {candidates === null ? (
        <p class="dim">The judge gave the action that was taken {scoreText(score)} of 10.</p>
      ) : (
        <ul class="candidates" style={{ "--threshold": `${10 * (threshold ?? 10)}%` }}>
          {candidates.map((candidate, index) => (
            <li key={index} class={classesOf(candidate, index === chosen)}>
              <details>
                <Summary candidate={candidate} chosen={index === chosen} />
                <ActionView action={candidate.action} />
                <EpisodeText
                  client={client}
                  episode={detail.row}
                  place={{ of: "candidate", turn, candidate: index }}
                  part={candidate.written}
                  label={`Candidate ${index + 1} of turn ${turn + 1} as it was written`}
                />
              </details>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const classesOf = ({ viable }: ShownCandidate, chosen: boolean): string =>
  ["candidate", viable && "viable", chosen && "chosen"].filter(Boolean).join(" ");

function Summary({
  candidate: { tool, score, viable, action },
  chosen,
}: {
  candidate: ShownCandidate;
  chosen: boolean;
}) {
  return (
    <summary>
      <span class="pick">
        {chosen && <Icon name="arrow-right" />}
        {chosen && <span class="for-readers">Chosen: </span>}
      </span>
      <span class="mono tool">{toolName(tool)}</span>
      <span class="score-track" aria-hidden="true">
        <span style={{ transform: `scaleX(${score / 10})` }} />
      </span>
      <span class="score">{scoreText(score)}</span>
      <span class="verdict">{viable ? "viable" : <span class="for-readers">not viable</span>}</span>
      <span class="mono dim does">{actionLine(action)}</span>
    </summary>
  );
}
