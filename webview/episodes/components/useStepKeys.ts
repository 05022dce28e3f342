/** Keys that step: arrows to the sides from turn to turn, n and p from episode to episode, wherever in list and pane the keyboard is. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface StepKeys {
  within: readonly RefObject<HTMLElement | null>[];
  step(by: 1 | -1): void;
  move(key: "ArrowDown" | "ArrowUp"): void;
}

export function useStepKeys(keys: StepKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { within, step, move } = latest.current;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const { target } = event;
      if (!(target instanceof Node) || !within.some(({ current }) => current?.contains(target))) return;
      if (event.key === "ArrowRight") step(1);
      else if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "n") move("ArrowDown");
      else if (event.key === "p") move("ArrowUp");
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
