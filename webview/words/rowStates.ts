/** The state that the curriculum gives a row (`server/training/curriculum/rowStates.ts`), in the width of a column: "hard, few shots". */
export const shortState = (state: string): string => state.replace(/^hard-/, "hard, ").replace("-", " ");
