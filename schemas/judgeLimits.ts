/** Bounds of the conversation about judging, apart from its schemas: the extension's first bundle does without those. */

/** Longest answer that goes over, UTF-16 units. What is longer is cut, and read as what it then is. */
export const LONGEST_JUDGE_ANSWER = 100_000;
/** Longest reason, UTF-16 units. */
export const LONGEST_JUDGE_REASON = 1000;
