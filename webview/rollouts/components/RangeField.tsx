/** First and last of something; taken over when the typing ends. */
import { useEffect, useRef, useState } from "preact/hooks";
import { TextBox } from "../../controls/fields.tsx";
import { rangeOf } from "../state/filters.ts";

export interface RangeFieldProps {
  /** As `Steps`. */
  label: string;
  range: readonly [number, number] | null;
  /** The highest there is. */
  limit: number;
  change(range: [number, number] | null): void;
}

export function RangeField({ label, range, limit, change }: RangeFieldProps) {
  const shown = range ? ([String(range[0]), String(range[1])] as const) : (["", ""] as const);
  const [texts, setTexts] = useState<readonly [string, string]>(shown);
  // What was taken over from here is no news: the typing may have gone on since.
  const taken = useRef<string>(undefined);
  useEffect(() => {
    if (JSON.stringify(range) !== taken.current) setTexts(shown);
    taken.current = undefined;
  }, [shown[0], shown[1]]);
  const found = rangeOf(texts[0], texts[1], limit);
  const problems = typeof found === "string" ? [{ sentence: found, severity: "error" as const }] : [];
  const take = () => {
    if (typeof found === "string" || JSON.stringify(found) === JSON.stringify(range)) return;
    taken.current = JSON.stringify(found);
    change(found);
  };
  return (
    <form
      class="range"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <TextBox
        label={`${label} from`}
        value={texts[0]}
        placeholder="first"
        problems={problems}
        onInput={(first) => setTexts([first, texts[1]])}
        onBlur={take}
      />
      <TextBox
        label="to"
        value={texts[1]}
        placeholder="last"
        onInput={(last) => setTexts([texts[0], last])}
        onBlur={take}
      />
      <button type="submit" class="for-readers" tabIndex={-1}>
        Apply
      </button>
    </form>
  );
}
