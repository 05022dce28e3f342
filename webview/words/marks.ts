/** What came of a rollout, by its letter in the store. */
export type Mark = "c" | "w" | "m" | "t";

export const markNames: Record<Mark, string> = { c: "correct", w: "wrong", m: "malformed", t: "truncated" };

export const isMark = (letter: string): letter is Mark => letter in markNames;
