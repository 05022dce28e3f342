/** The prompt as the policy read it, its parts marked. */
import type { GroupDetail, PromptMark } from "../../../schemas/rolloutView.ts";
import { HostileText } from "../../text/HostileText.tsx";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { markName } from "../state/words.ts";
import { LongText } from "./LongText.tsx";

export interface PromptViewProps {
  client: RolloutClient;
  detail: GroupDetail;
  run?: string | undefined;
}

export function PromptView({ client, detail, run }: PromptViewProps) {
  const { row, prompt, marks, note } = detail;
  return (
    <div class="prompt">
      <p class="dim">{plural(prompt.total, "character")}, exactly as the policy read them</p>
      {note !== null && <p class="warning">{visibleText(note)}</p>}
      <LongText client={client} group={row} run={run} rollout={null} part={prompt} label="Prompt">
        {(text) =>
          marks.length === 0 ? (
            <pre>
              <HostileText text={text} />
            </pre>
          ) : (
            marks
              .filter(({ from }) => from < text.length)
              .map((mark) => <Part key={mark.from} mark={mark} text={text.slice(mark.from, mark.to)} />)
          )
        }
      </LongText>
    </div>
  );
}

function Part({ mark, text }: { mark: PromptMark; text: string }) {
  const { kind, from, to } = mark;
  return (
    // Schemas are long, and seldom what a person looks for.
    <details class={`part part-${kind}`} open={kind !== "tools"}>
      <summary>
        {markName(mark)} <span class="dim">{plural(to - from, "character")}</span>
      </summary>
      <pre>
        <HostileText text={text} />
      </pre>
    </details>
  );
}
