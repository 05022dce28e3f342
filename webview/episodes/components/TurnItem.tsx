/** One turn: what the policy thought, among what it chose, what it did, what it saw, what that is paid, and what was learnt from it. */
import { useEffect, useRef } from "preact/hooks";
import type { EpisodeDetail, ShownTurn, TextPlace } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { oneLine } from "../../text/visible.ts";
import type { EpisodesClient } from "../client/episodesClient.ts";
import { actionLine, scoreText, troubleSentences } from "../state/words.ts";
import { ActionView } from "./ActionView.tsx";
import { Candidates } from "./Candidates.tsx";
import { EpisodeText } from "./EpisodeText.tsx";
import { Lessons } from "./Lessons.tsx";
import { Reward } from "./Reward.tsx";

export interface TurnItemProps {
  client: EpisodesClient;
  detail: EpisodeDetail;
  turn: ShownTurn;
  /** From 0. */
  index: number;
  /** The one that somebody stepped to. */
  current: boolean;
  open: boolean;
  /** Steps of the run learn from it. */
  learns: boolean;
  choose(): void;
}

export function TurnItem(props: TurnItemProps) {
  const { turn, index, current, open, choose } = props;
  const item = useRef<HTMLLIElement>(null);
  // An episode that was just opened begins with its question, and not with its first turn.
  const opened = useRef(index === 0);
  useEffect(() => {
    if (current && !opened.current) item.current?.scrollIntoView({ block: "start" });
    opened.current = false;
  }, [current]);
  return (
    <li ref={item} class={`turn${current ? " current" : ""}`} aria-current={current ? "step" : undefined}>
      <h3>
        <button type="button" data-turn={index} aria-expanded={open} onClick={choose}>
          <Icon name={open ? "chevron-down" : "chevron-right"} />
          <span class="turn-name">Turn {index + 1}</span>
          <span class="mono does">{actionLine(turn.action)}</span>
          <span class="dim saw">{headNote(turn)}</span>
        </button>
      </h3>
      {open && <Body {...props} />}
    </li>
  );
}

/** What else is worth knowing of a turn that is folded. */
function headNote({ choice, trouble, observation }: ShownTurn): string {
  const parts = [
    choice ? `score ${scoreText(choice.score)}` : "",
    choice?.by === "best" ? "nothing viable" : "",
    trouble !== null ? trouble : observation === null ? "" : `→ ${oneLine(observation.text, 60)}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

function Body({ client, detail, turn, index, learns }: TurnItemProps) {
  const { thought, action, written, observation, trouble, choice, reward, lessons } = turn;
  const text = (of: TextPlace["of"], part: ShownTurn["thought"], label: string) => (
    <EpisodeText
      client={client}
      episode={detail.row}
      place={{ of, turn: index, candidate: null }}
      part={part}
      label={`${label} of turn ${index + 1}`}
    />
  );
  return (
    <div class="turn-body">
      <h4>Thought</h4>
      {thought.total > 0 ? text("thought", thought, "Thought") : <p class="dim">None was written.</p>}
      <h4>{action.kind === "answer" ? "Answer" : "Action"}</h4>
      <ActionView action={action} />
      <details class="written">
        <summary>As it was written</summary>
        {text("written", written, "Text")}
      </details>
      {choice && <Candidates client={client} detail={detail} choice={choice} turn={index} />}
      <h4>Observation</h4>
      {trouble !== null && (
        <p class="trouble">
          <Icon name="warning" /> {troubleSentences[trouble]}
        </p>
      )}
      {observation !== null ? (
        text("observation", observation, "Observation")
      ) : (
        <p class="dim">{action.kind === "answer" ? "None: the answer ended the episode." : "None."}</p>
      )}
      {reward && <Reward reward={reward} />}
      {learns && <Lessons lessons={lessons} />}
    </div>
  );
}
