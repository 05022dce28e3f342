/** One completion of a group: what became of it, why, its calls against the gold ones, and its text. */
import { useState } from "preact/hooks";
import { type CompletionDetail, type GroupKey, groupOf } from "../../../schemas/rolloutView.ts";
import { Button } from "../../controls/index.tsx";
import { Marks } from "../../controls/Marks.tsx";
import { markNames } from "../../words/marks.ts";
import { decimal, plural, signed } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { Calls } from "./Calls.tsx";
import { CompletionText } from "./CompletionText.tsx";
import { LongText } from "./LongText.tsx";
import { RewardParts } from "./RewardParts.tsx";
import { TokenShades } from "./TokenShades.tsx";

interface CompletionCardProps {
  client: RolloutClient;
  group: GroupKey;
  /** Folder of another run that the group is of. */
  run?: string | undefined;
  completion: CompletionDetail;
  /** The row that is selected is this completion. */
  chosen?: boolean;
}

export function CompletionCard({ client, group, run, completion, chosen = false }: CompletionCardProps) {
  const { rollout, mark, reward, advantage, length, truncated, calls, entropy, logprobs } = completion;
  const [shaded, setShaded] = useState(false);
  const name = `Completion ${rollout + 1}`;
  return (
    <article
      class={`card outcome-${mark}${chosen ? " chosen" : ""}`}
      aria-label={`${name}, ${markNames[mark]}`}
      aria-current={chosen ? "true" : undefined}
    >
      <header>
        <Marks marks={mark} />
        <strong>{markNames[mark]}</strong>
        {truncated && mark !== "t" && <span class="dim">truncated</span>}
        <span class="dim number">#{rollout + 1}</span>
      </header>
      <dl class="facts">
        <Fact name="reward" value={decimal(reward)} />
        {advantage !== null && <Fact name="advantage" value={signed(advantage)} />}
        <Fact name="tokens" value={`${length}${truncated ? " (cut)" : ""}`} />
        {entropy !== null && <Fact name="entropy" value={decimal(entropy)} title="Mean over its tokens, nats" />}
      </dl>
      <RewardParts completion={completion} />
      {mark === "c" && group.phase !== "evaluation" && run === undefined && (
        <div class="card-actions">
          <Button
            label={`Promote to demonstration: ${name}, for other samples`}
            onClick={() => client.tell({ kind: "promoteRollout", ...groupOf(group), rollout })}
          >
            Promote to demonstration
          </Button>
        </div>
      )}
      {calls && <Calls calls={calls} />}
      <details class="written" open={calls === null || mark === "m" || mark === "t"}>
        <summary>Text, {plural(completion.completion.total, "character")}</summary>
        {logprobs && (
          <div class="card-actions">
            <Button appearance="secondary" pressed={shaded} onClick={() => setShaded(!shaded)}>
              {shaded ? "Hide probabilities" : "Shade by probability"}
            </Button>
          </div>
        )}
        {shaded ? (
          <TokenShades client={client} group={group} run={run} rollout={rollout} />
        ) : (
          <LongText
            client={client}
            group={group}
            run={run}
            rollout={rollout}
            part={completion.completion}
            label={`${name}, text`}
          >
            {(text) => <CompletionText text={text} />}
          </LongText>
        )}
      </details>
    </article>
  );
}

function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
