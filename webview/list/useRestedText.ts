/** A text that a list is filtered by: the list is read again once the typing rests. */
import { useEffect, useRef, useState } from "preact/hooks";

/** Milliseconds. */
const REST = 150;
/** UTF-16 units that a filter takes (schemas). */
const MOST = 200;

/** @returns what the field shows, and what takes its input */
export function useRestedText(
  text: string,
  apply: (text: string) => void,
): [shown: string, type: (typed: string) => void] {
  const [shown, setShown] = useState(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(apply);
  latest.current = apply;
  useEffect(() => setShown(text), [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (typed: string): void => {
    setShown(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => latest.current(typed.slice(0, MOST)), REST);
  };
  return [shown, type];
}
