/** A filter that was set elsewhere, and the way to drop it. */
import { Icon } from "../../controls/Icon.tsx";

export function Chip({ words, remove }: { words: string; remove(): void }) {
  return (
    <button type="button" class="chip" title={`Show more than ${words}`} onClick={remove}>
      <span>{words}</span>
      <Icon name="close" />
    </button>
  );
}
