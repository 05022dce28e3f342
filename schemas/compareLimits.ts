/** How much is compared at once; apart from the messages (compareView.ts), so that commands need not load their checks. */

export const MOST_RUNS = 6;

/** Rows of one page. */
export const MOST_SAMPLES = 500;
