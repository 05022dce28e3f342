/** What the worker answers to a question that a component has, asked anew whenever the question changes. */
import { useEffect, useState } from "preact/hooks";
import { RequestFailed } from "./requests.ts";

export interface Answer<T> {
  /** The latest; while a new one is waited for, the one before. */
  value: T | undefined;
  problem: string | undefined;
  retry(): void;
}

/**
 * @param ask undefined where there is nothing to ask
 * @param question changes with what is asked
 * @param rest milliseconds to wait, so that a question that is passed over is not asked
 */
export function useAnswer<T>(ask: (() => Promise<T>) | undefined, question: string, rest = 0): Answer<T> {
  const [answer, setAnswer] = useState<{ value?: T; problem?: string }>({});
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!ask) {
      setAnswer({});
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      ask().then(
        (value) => current && setAnswer({ value }),
        (error: unknown) => {
          if (!(error instanceof RequestFailed)) throw error;
          if (current) setAnswer({ problem: error.message });
        },
      );
    }, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [question, attempt]);
  return { value: answer.value, problem: answer.problem, retry: () => setAttempt((count) => count + 1) };
}
