/** A text of any length: its beginning, and more of it on demand, in pieces that a screen can bear. */
import { useState } from "preact/hooks";
import type { GroupKey, TextPart } from "../../../schemas/rolloutView.ts";
import { RequestFailed } from "../../client/requests.ts";
import { Button } from "../../controls/index.tsx";
import { HostileText } from "../../text/HostileText.tsx";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { counted } from "../state/numbers.ts";

export interface LongTextProps {
  client: RolloutClient;
  group: GroupKey;
  /** Null for the prompt. */
  rollout: number | null;
  part: TextPart;
  label: string;
}

export function LongText({ client, group, rollout, part, label }: LongTextProps) {
  const [more, setMore] = useState<string[]>([]);
  const [problem, setProblem] = useState<string>();
  const shown = part.text.length + more.reduce((sum, piece) => sum + piece.length, 0);
  const fetchMore = async () => {
    try {
      const { step, phase, group: index } = group;
      const next = await client.text({ key: { step, phase, group: index }, rollout, from: shown });
      setMore((pieces) => [...pieces, next.text]);
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(error.message);
    }
  };
  if (part.total === 0) return <p class="dim">Nothing was written.</p>;
  return (
    <div class="long-text">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre role="document" tabIndex={0} aria-label={label}>
        <HostileText text={part.text} />
        {more.map((piece, index) => (
          <HostileText key={index} text={piece} />
        ))}
        {shown < part.total && <span class="dim">…</span>}
      </pre>
      {shown < part.total && (
        <div class="more">
          <Button onClick={() => void fetchMore()}>Show more</Button>
          <span class="dim">
            {counted(shown)} of {counted(part.total)} characters
          </span>
        </div>
      )}
      {problem && (
        <p class="warning" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
