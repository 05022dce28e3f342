/** `--dialect` of the commands that read files of any. */
import type { Dialect } from "../toolcalls/dialects/dialect.ts";
import { DIALECTS, dialectNamed } from "../toolcalls/dialects/index.ts";
import { plain } from "../toolcalls/display.ts";
import { endWithHint } from "../toolcalls/nearest.ts";

/** The dialect, or the sentence that says that there is none of this name. */
export function dialectOption(name: string): Dialect | string {
  const ids = DIALECTS.map(({ id }) => id);
  return (
    dialectNamed(name) ?? `There is no dialect "${plain(name)}"${endWithHint(name, ids)} Known are ${ids.join(", ")}.`
  );
}
