/** One rollout of a try: what became of it and why in a line, and its text behind it. */
import { useState } from "preact/hooks";
import type { TriedRollout } from "../../../schemas/tries.ts";
import { Button } from "../../controls/Button.tsx";
import { Icon } from "../../controls/Icon.tsx";
import { Marks } from "../../controls/Marks.tsx";
import { HostileText } from "../../text/HostileText.tsx";
import { oneLine } from "../../text/visible.ts";
import { markNames } from "../../words/marks.ts";
import { counted, decimal, plural } from "../../words/numbers.ts";
import { markOf } from "../client/tries.ts";
import { useEditor } from "./context.ts";

export function TriedRolloutItem({ rollout: tried }: { rollout: TriedRollout }) {
  const { client } = useEditor();
  // Twenty texts of a screen each are laid out only when they are looked at.
  const [open, setOpen] = useState(false);
  const { side, rollout, text, characters, tokens, truncated, reward, failed, reason, correct } = tried;
  const mark = markOf(tried);
  const name = `Rollout ${rollout + 1}, ${markNames[mark]}`;
  return (
    <li class={`tried is-${mark}`}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Icon name={open ? "chevron-down" : "chevron-right"} />
          <Marks marks={mark} /> <span class="dim">#{rollout + 1}</span> <strong>{markNames[mark]}</strong>
          <span class="dim number">{failed ? "not judged" : `reward ${decimal(reward)}`}</span>
          <span class="tried-reason">{oneLine(reason, 300)}</span>
        </summary>
        {open && (
          <>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
            <pre role="document" tabIndex={0} aria-label={`${name}, text`}>
              {text === "" ? <span class="dim">Nothing was written.</span> : <HostileText text={text} />}
              {text.length < characters && <span class="dim">…</span>}
            </pre>
            <p class="tried-foot">
              <span class="dim">
                {plural(tokens, "token")}
                {truncated && ", cut at the limit"}
                {text.length < characters && `, ${counted(text.length)} of ${counted(characters)} characters shown`}
              </span>
              {correct && (
                <Button
                  label={`Promote to demonstration: rollout ${rollout + 1}, for other samples`}
                  onClick={() => client.wish({ kind: "promote", at: { side, rollout } })}
                >
                  Promote to demonstration
                </Button>
              )}
            </p>
          </>
        )}
      </details>
    </li>
  );
}
