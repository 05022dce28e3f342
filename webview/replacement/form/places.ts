/** Names of fields, by which the focus finds them again after they were drawn anew. */
import type { Path } from "../../../schemas/replacementView.ts";

export const placeOf = (path: Path): string => path.join(".");

/** Of what adds something there. */
export const addPlace = (path: Path): string => `add.${placeOf(path)}`;
