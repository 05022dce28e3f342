/** Tabs of a pane, as the ARIA practices have them: arrows lead along, and what is chosen is shown at once. */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

export interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; text: string }[];
  chosen: T;
  choose(tab: T): void;
  children: ComponentChildren;
}

export function Tabs<T extends string>({ label, tabs, chosen, choose, children }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const targets: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const target = Object.hasOwn(targets, event.key) ? targets[event.key] : undefined;
    const index = target === undefined ? undefined : (target + tabs.length) % tabs.length;
    const tab = index === undefined ? undefined : tabs[index];
    if (!tab || index === undefined) return;
    event.preventDefault();
    choose(tab.id);
    const button = list.current?.children[index];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={press}>
        {tabs.map(({ id, text }) => (
          <button
            key={id}
            type="button"
            id={`tab-${id}`}
            role="tab"
            aria-selected={id === chosen}
            aria-controls="tab-panel"
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => choose(id)}
          >
            {text}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        {children}
      </div>
    </>
  );
}
