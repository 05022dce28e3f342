/** Trying the edit on the policy as it is now, beside what the algorithm chose, and using it. */
import type { TrySide, TrySideBegun } from "../../../schemas/tries.ts";
import type { TryState } from "../../../schemas/tryView.ts";
import { Button } from "../../controls/Button.tsx";
import { Icon } from "../../controls/Icon.tsx";
import { Marks } from "../../controls/Marks.tsx";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import { countText, isOpen, markOf, phaseText, rolloutsOf } from "../client/tries.ts";
import { useEditor } from "./context.ts";
import { TriedRolloutItem } from "./TriedRolloutItem.tsx";

export function TryPanel() {
  const { client, reading } = useEditor();
  const { tried, toTry } = client.state;
  // Until the host has told of it nobody knows.
  if (toTry === undefined) return null;
  const open = tried !== undefined && isOpen(tried);
  const nothingToTry = reading.edit?.action === "exclude";
  return (
    <section class="try" aria-labelledby="try-title">
      <div class="try-bar">
        <h2 id="try-title">
          Try <span class="dim">on the policy as it is now</span>
        </h2>
        {open ? (
          <Button onClick={() => client.wish({ kind: "cancelTry" })}>Cancel</Button>
        ) : (
          !nothingToTry && (
            <Button
              label={`Try now: draw ${plural(toTry, "rollout")} of this edit, and as many of what the algorithm chose`}
              onClick={() => client.wish({ kind: "try" })}
            >
              Try now
            </Button>
          )
        )}
        <Button
          appearance="primary"
          label="Use: save this edit and hand it to the run"
          onClick={() => client.wish({ kind: "use" })}
        >
          Use
        </Button>
        {nothingToTry && <span class="dim">An excluded sample is not drawn, so there is nothing to try.</span>}
        {tried === undefined && !nothingToTry && (
          <span class="dim">
            {plural(toTry, "rollout")} of this edit beside as many of what the algorithm chose. The run keeps nothing of
            them.
          </span>
        )}
        {tried && <Progress tried={tried} />}
      </div>
      {tried?.older && tried.tried.length > 0 && <p class="dim">The edit has been changed since it was tried.</p>}
      {tried && tried.sides.length > 0 && (
        <div class="try-sides">
          {tried.sides.map((side) => (
            <Side key={side.side} side={side} tried={tried} />
          ))}
        </div>
      )}
      <div class="for-readers" role="status" aria-live="polite">
        {tried && visibleText(spoken(tried))}
      </div>
    </section>
  );
}

/** Read out as it changes; what is half told when the next comes is left out by the reader itself. */
const spoken = (tried: TryState): string =>
  tried.tried.length === 0 ? phaseText(tried) : `${countText(tried)} ${isOpen(tried) ? "" : phaseText(tried)}`;

function Progress({ tried }: { tried: TryState }) {
  const { client } = useEditor();
  const { phase, remedy } = tried;
  const isBad = phase === "failed" || phase === "refused";
  return (
    <>
      <p class={`try-phase ${isBad ? "is-bad" : "dim"}`}>
        {isBad && <Icon name="error" />}
        {isOpen(tried) && <Icon name="loading" spin />} {visibleText(phaseText(tried))}
      </p>
      {remedy && (
        <Button onClick={() => client.wish({ kind: "remedy", remedy })}>
          {remedy === "resume" ? "Resume a run" : "Start training"}
        </Button>
      )}
    </>
  );
}

const names: Record<TrySide, string> = { edited: "Your edit", automatic: "Automatic" };

function Side({ side: { side, version, tokens }, tried }: { side: TrySideBegun; tried: TryState }) {
  const rollouts = rolloutsOf(tried, side);
  const correct = rollouts.filter((rollout) => rollout.correct).length;
  const title = `try-${side}`;
  return (
    <section class={`try-side is-${side}`} aria-labelledby={title}>
      <header>
        <h3 id={title}>
          {names[side]}
          {side === "automatic" && (
            <span class="dim"> {version === "raw" ? "the raw row" : "few-shots of the round"}</span>
          )}
        </h3>
        <span class="dim">{plural(tokens, "prompt token")}</span>
        <span class="try-count">
          <Marks marks={rollouts.map(markOf).join("")} />
          <strong>
            {correct} of {rollouts.length} correct
          </strong>
        </span>
      </header>
      <ol>
        {rollouts.map((rollout) => (
          <TriedRolloutItem key={rollout.rollout} rollout={rollout} />
        ))}
      </ol>
    </section>
  );
}
