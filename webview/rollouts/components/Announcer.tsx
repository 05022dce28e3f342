/** Says to a screen reader what others see come in: politely, and not more often than one can listen. */
import { useEffect, useRef, useState } from "preact/hooks";
import { plural } from "../../words/numbers.ts";

/** Milliseconds. */
const between = 5000;

export function Announcer({ added }: { added: number }) {
  const [words, setWords] = useState("");
  const said = useRef(added);
  const current = useRef(added);
  current.current = added;
  useEffect(() => {
    const timer = setInterval(() => {
      const fresh = current.current - said.current;
      said.current = current.current;
      if (fresh > 0) setWords(`${plural(fresh, "new group")} of rollouts`);
    }, between);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="for-readers" role="status" aria-live="polite">
      {words}
    </div>
  );
}
