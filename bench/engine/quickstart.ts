/** The quickstart workspace, which the micro policy belongs to. */
import { join } from "node:path";

export const QUICKSTART = join(import.meta.dirname, "..", "..", "examples", "quickstart");
export const MICRO_POLICY = join(QUICKSTART, "policy");
