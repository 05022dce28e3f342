/** One completion of a group: what became of it, why, its calls against the gold ones, and its text. */
import type { CompletionDetail, GroupKey } from "../../../schemas/rolloutView.ts";
import { oneLine, visibleText } from "../../text/visible.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { decimal, plural, signed } from "../state/numbers.ts";
import { markNames } from "../state/words.ts";
import { Calls } from "./Calls.tsx";
import { LongText } from "./LongText.tsx";
import { Marks } from "./Marks.tsx";

interface CompletionCardProps {
  client: RolloutClient;
  group: GroupKey;
  completion: CompletionDetail;
}

export function CompletionCard({ client, group, completion }: CompletionCardProps) {
  const { rollout, mark, reward, advantage, length, truncated, reason, parts, calls, entropy } = completion;
  const name = `Completion ${rollout + 1}`;
  return (
    <article class={`card outcome-${mark}`} aria-label={`${name}, ${markNames[mark]}`}>
      <header>
        <Marks marks={mark} />
        <strong>{markNames[mark]}</strong>
        {truncated && mark !== "t" && <span class="dim">truncated</span>}
        <span class="dim number">#{rollout + 1}</span>
      </header>
      <p class="reason">{visibleText(reason)}</p>
      <dl class="facts">
        <Fact name="reward" value={decimal(reward)} />
        {advantage !== null && <Fact name="advantage" value={signed(advantage)} />}
        <Fact name="tokens" value={`${length}${truncated ? " (cut)" : ""}`} />
        {entropy !== null && <Fact name="entropy" value={decimal(entropy)} />}
      </dl>
      <table class="parts">
        <caption class="for-readers">Reward parts</caption>
        <tbody>
          {parts.map((part) => (
            <tr key={part.name}>
              <th scope="row">{oneLine(part.name, 60)}</th>
              <td>{decimal(part.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {calls && <Calls calls={calls} />}
      <details open={calls === null || mark === "m" || mark === "t"}>
        <summary>Text, {plural(completion.completion.total, "character")}</summary>
        <LongText
          client={client}
          group={group}
          rollout={rollout}
          part={completion.completion}
          label={`${name}, text`}
        />
      </details>
    </article>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
