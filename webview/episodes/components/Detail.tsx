/** One episode, turn by turn. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type EpisodeDetail, type EpisodeKey, episodeId } from "../../../schemas/episodesView.ts";
import { useAnswer } from "../../client/useAnswer.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { oneLine } from "../../text/visible.ts";
import type { EpisodesClient, EpisodesState } from "../client/episodesClient.ts";
import type { Persisted } from "../state/persisted.ts";
import { originText, spokenTurn } from "../state/words.ts";
import { Asked } from "./Asked.tsx";
import { Stepper } from "./Stepper.tsx";
import { TurnItem } from "./TurnItem.tsx";
import { useStepKeys } from "./useStepKeys.ts";

export interface DetailProps {
  client: EpisodesClient;
  state: EpisodesState;
  episode: EpisodeKey;
  /** In the list; undefined where it is not, or where nobody knows. */
  place: { index: number; of: number } | undefined;
  turn: number;
  /** Whether all turns are unfolded. */
  unfolded: boolean;
  /** Rises whenever the keyboard is to go into the pane. */
  focus: number;
  grid: RefObject<HTMLElement | null>;
  look(changes: Partial<Pick<Persisted, "turn" | "unfolded">>): void;
  /** Goes to another episode, by a key of the list. */
  move(key: "ArrowDown" | "ArrowUp"): void;
  close(): void;
}

/** Arrow keys pass over many rows; only the one they rest on is read. Milliseconds. */
const REST = 60;

export function Detail(props: DetailProps) {
  const { client, state, episode, place, turn, unfolded, focus, grid, look, move, close } = props;
  const pane = useRef<HTMLElement>(null);
  const id = episodeId(episode);
  const question = `${id} ${versionOf(state, episode)}`;
  const { value, problem, retry } = useAnswer(() => client.ask("episode", episode), question, REST);
  const shown = value && episodeId(value.row) === id ? value : undefined;
  const last = (shown?.turns.length ?? 1) - 1;
  const current = Math.max(0, Math.min(turn, last));
  const [said, setSaid] = useState("");

  const step = (by: 1 | -1) => {
    if (!shown) return;
    const next = Math.max(0, Math.min(last, current + by));
    look({ turn: next });
    const heading = () => pane.current?.querySelector<HTMLElement>(`[data-turn="${next}"]`);
    // Who is in the pane is taken along; who steps from the list hears what others see.
    if (pane.current?.contains(document.activeElement)) queueMicrotask(() => heading()?.focus({ preventScroll: true }));
    else setSaid(spokenTurn(shown, next));
  };
  // What had the focus in the episode before is gone with it; the buttons of the head stay.
  const go = (key: "ArrowDown" | "ArrowUp") => {
    const { activeElement } = document;
    if (pane.current?.contains(activeElement) && !activeElement?.closest(".head-line")) pane.current.focus();
    move(key);
  };
  useStepKeys({ within: [grid, pane], step, move: go });

  useEffect(() => {
    if (focus > 0) pane.current?.focus();
  }, [focus]);
  useEffect(() => {
    if (pane.current) pane.current.scrollTop = 0;
    setSaid("");
  }, [id]);

  return (
    <section class="detail episode" ref={pane} tabIndex={-1} aria-label="Episode">
      <header class="detail-head">
        <div class="head-line">
          <h2>
            {oneLine(shown?.query.text ?? "", 120)}
            <span class="dim"> {originText(episode)}</span>
          </h2>
          <Button appearance="icon" label="Previous Episode (p)" onClick={() => go("ArrowUp")}>
            <Icon name="arrow-up" />
          </Button>
          <Button appearance="icon" label="Next Episode (n)" onClick={() => go("ArrowDown")}>
            <Icon name="arrow-down" />
          </Button>
          <Button appearance="icon" label="Close (Escape)" onClick={close}>
            <Icon name="close" />
          </Button>
        </div>
        {shown && shown.turns.length > 0 && (
          <Stepper
            turns={shown.turns}
            current={current}
            step={step}
            unfolded={unfolded}
            unfold={(all) => look({ unfolded: all })}
          />
        )}
      </header>
      {problem !== undefined && <Trouble problem={problem} retry={retry} />}
      {!shown && problem === undefined && <ProgressRing label="Reading the episode" />}
      {shown && <Shown key={id} {...props} detail={shown} current={current} place={place} />}
      <div class="for-readers" role="status" aria-live="polite">
        {said}
      </div>
    </section>
  );
}

/** Changes whenever an answer may be another one: what steps learn from a stored turn comes with the steps. */
function versionOf({ revision, header }: EpisodesState, { phase }: EpisodeKey): string {
  const { source } = header ?? {};
  return `${revision} ${phase === "stored" && source?.kind === "run" ? source.step : ""}`;
}

function Shown({
  client,
  state,
  detail,
  current,
  unfolded,
  look,
}: DetailProps & { detail: EpisodeDetail; current: number }) {
  const learns = state.header?.source.kind === "run" && detail.row.phase === "stored";
  return (
    <>
      <Asked client={client} detail={detail} />
      {detail.turns.length > 0 && (
        <ol class="turn-list" aria-label="Turns">
          {detail.turns.map((turn, index) => (
            <TurnItem
              key={index}
              client={client}
              detail={detail}
              turn={turn}
              index={index}
              current={index === current}
              open={unfolded || index === current}
              learns={learns}
              choose={() => look({ turn: index })}
            />
          ))}
        </ol>
      )}
    </>
  );
}
