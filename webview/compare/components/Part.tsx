/** A part of the page, with its heading and its export. */
import type { ComponentChildren } from "preact";
import { Icon } from "../../controls/Icon.tsx";
import { Button } from "../../controls/index.tsx";

export interface PartProps {
  id: string;
  title: string;
  /** What is exported, in the words of a sentence. */
  exported: string;
  save(): void;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Part({ id, title, exported, save, aside, children }: PartProps) {
  return (
    <section class="part" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
        <span class="end">
          <Button appearance="icon" label={`Export the ${exported} as CSV`} onClick={save}>
            <Icon name="desktop-download" />
          </Button>
        </span>
      </header>
      {children}
    </section>
  );
}

/** A part that is wider than the page scrolls by itself, and has to be reached by the keyboard for that. */
export function Scrolling({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
