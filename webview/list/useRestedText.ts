/** A text that a list is filtered by: the list is read again once the typing rests. */
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { RestedText } from "./restedText.ts";

/** @returns what the field shows, and what takes its input */
export function useRestedText(
  text: string,
  apply: (text: string) => void,
): [shown: string, type: (typed: string) => void] {
  const latest = useRef(apply);
  latest.current = apply;
  const [field] = useState(() => new RestedText(text, (typed) => latest.current(typed)));
  const [, draw] = useReducer((drawn: number, _: undefined) => drawn + 1, 0);
  useEffect(() => {
    field.follow(text);
    draw(undefined);
  }, [text]);
  useEffect(() => () => field.stop(), []);
  const type = (typed: string): void => {
    field.type(typed);
    draw(undefined);
  };
  return [field.shown, type];
}
