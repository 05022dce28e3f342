/** One part of two prompts that differs. */
import { HostileText } from "../../text/HostileText.tsx";
import type { PartPair } from "../state/promptDifference.ts";

const words = { same: "same", different: "differs", left: "only on the left", right: "only on the right" } as const;

export function PromptPartPair({ part, name }: { part: PartPair; name: string }) {
  return (
    <details>
      <summary>
        {name} <span class="dim">{words[part.status]}</span>
      </summary>
      <div class="pair">
        {[part.left, part.right].map((text, side) =>
          text === undefined ? (
            <p key={side} class="dim">
              Not there.
            </p>
          ) : (
            <pre key={side}>
              <HostileText text={text} />
            </pre>
          ),
        )}
      </div>
    </details>
  );
}
