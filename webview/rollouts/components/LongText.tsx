/** A text of any length: its beginning, and more of it on demand, in pieces that a screen can bear. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type GroupKey, groupOf, type TextPart } from "../../../schemas/rolloutView.ts";
import { RequestFailed } from "../../client/requests.ts";
import { Button } from "../../controls/index.tsx";
import { HostileText } from "../../text/HostileText.tsx";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { counted } from "../state/numbers.ts";

export interface LongTextProps {
  client: RolloutClient;
  group: GroupKey;
  /** Folder of another run that the group is of. */
  run?: string | undefined;
  /** Null for the prompt. */
  rollout: number | null;
  part: TextPart;
  label: string;
  /** Shows what is there of the text; as it is, where this is left out. */
  children?(text: string): ComponentChildren;
}

export function LongText({ client, group, run, rollout, part, label, children = plainly }: LongTextProps) {
  const [more, setMore] = useState("");
  const [problem, setProblem] = useState<string>();
  const text = part.text + more;
  const fetchMore = async () => {
    try {
      const wish = { key: groupOf(group), rollout, from: text.length, ...(run !== undefined && { run }) };
      const next = await client.ask("text", wish);
      setMore((before) => (part.text.length + before.length === next.from ? before + next.text : before));
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
      <div class="text" role="document" tabIndex={0} aria-label={label}>
        {children(text)}
        {text.length < part.total && <span class="dim">…</span>}
      </div>
      {text.length < part.total && (
        <div class="more">
          <Button onClick={() => void fetchMore()}>Show more</Button>
          <span class="dim">
            {counted(text.length)} of {counted(part.total)} characters
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

const plainly = (text: string) => (
  <pre>
    <HostileText text={text} />
  </pre>
);
