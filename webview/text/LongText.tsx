/** A text of any length: its beginning, and more of it on demand, in pieces that a screen can bear. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { TextPart } from "../../schemas/rolloutView.ts";
import { RequestFailed } from "../client/requests.ts";
import { Button } from "../controls/Button.tsx";
import { counted } from "../words/numbers.ts";
import { HostileText } from "./HostileText.tsx";

export interface LongTextProps {
  part: TextPart;
  label: string;
  /** Asks for what follows. @throws RequestFailed */
  more(from: number): Promise<TextPart>;
  /** Shows what is there of the text; as it is, where this is left out. */
  children?: ((text: string) => ComponentChildren) | undefined;
}

export function LongText({ part, label, more: ask, children = plainly }: LongTextProps) {
  const [more, setMore] = useState("");
  const [problem, setProblem] = useState<string>();
  const text = part.text + more;
  const fetchMore = async () => {
    try {
      const next = await ask(text.length);
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
