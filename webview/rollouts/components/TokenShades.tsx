/** Each token of a completion, the darker the less likely the policy held it; what is least likely is told in words too. */
import { useEffect, useState } from "preact/hooks";
import { type GroupKey, groupOf, type TokenDetail } from "../../../schemas/rolloutView.ts";
import { RequestFailed } from "../../client/requests.ts";
import { ProgressRing } from "../../controls/index.tsx";
import { HostileText } from "../../text/HostileText.tsx";
import { oneLine } from "../../text/visible.ts";
import { decimal, plural, probability } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { leastLikely, shadeOf } from "../state/shades.ts";

export interface TokenShadesProps {
  client: RolloutClient;
  group: GroupKey;
  run?: string | undefined;
  rollout: number;
}

export function TokenShades({ client, group, run, rollout }: TokenShadesProps) {
  const [detail, setDetail] = useState<TokenDetail>();
  useEffect(() => {
    let current = true;
    client.ask("tokens", { key: groupOf(group), rollout, ...(run !== undefined && { run }) }).then(
      (found) => current && setDetail(found),
      (error: unknown) => {
        if (!(error instanceof RequestFailed)) throw error;
        if (current) setDetail({ problem: error.message });
      },
    );
    return () => {
      current = false;
    };
  }, [client, group.step, group.phase, group.group, rollout, run]);
  if (!detail) return <ProgressRing label="Reading the tokens" />;
  if ("problem" in detail) return <p class="warning">{detail.problem}</p>;
  const { tokens, more } = detail;
  return (
    <div class="shades">
      <p class="dim legend">
        Probability of each token:{" "}
        {[0, 1, 2, 3, 4].map((shade) => (
          <span key={shade} class={`token shade-${shade}`}>
            {legend[shade]}
          </span>
        ))}
      </p>
      {tokens.length > 0 && (
        <p class="dim">
          Least likely:{" "}
          {leastLikely(tokens, 3)
            .map(({ text, logprob }) => `“${oneLine(text, 30)}” ${probability(logprob)}`)
            .join(", ")}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div class="text" role="document" tabIndex={0} aria-label={`Completion ${rollout + 1}, tokens`}>
        <pre>
          {tokens.map(({ text, logprob }, index) => (
            <span key={index} class={`token shade-${shadeOf(logprob)}`} title={titleOf(logprob)}>
              <HostileText text={text} />
            </span>
          ))}
        </pre>
      </div>
      {more > 0 && <p class="dim">{plural(more, "more token")} are not shown.</p>}
    </div>
  );
}

const legend = ["≥ 90 %", "≥ 50 %", "≥ 20 %", "≥ 5 %", "< 5 %"];

const titleOf = (logprob: number | null): string =>
  logprob === null
    ? "The log-probability was no number."
    : `${probability(logprob)}, log-probability ${decimal(logprob)}`;
