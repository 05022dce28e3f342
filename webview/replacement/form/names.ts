/** Names of arguments as they are shown: a model may have made them up. */
import { oneLine } from "../../text/visible.ts";

export const shownName = (name: string): string => (name === "" ? '""' : oneLine(name, 80));
