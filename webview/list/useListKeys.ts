/** Keys of a view with a list, wherever its keyboard is: `/` leads to the search, Escape back to the list, and from there closes what is open. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** What takes these keys as text. */
const FIELDS = "vscode-text-field, vscode-dropdown, input, select";

interface ListKeys {
  /** Of the search. */
  field: RefObject<HTMLElement | null>;
  grid: RefObject<HTMLElement | null>;
  /** Undefined where nothing is open. */
  close: (() => void) | undefined;
}

export function useListKeys({ field, grid, close }: ListKeys): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const typing = event.target instanceof Element && event.target.closest(FIELDS);
      if (event.key === "/" && !typing) field.current?.focus();
      else if (event.key === "Escape" && typing) grid.current?.focus();
      else if (event.key === "Escape" && close) close();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [close]);
}
