/** A fault of arguments with the place of what it speaks of. */
import type { ArgumentFault } from "../../toolcalls/argumentFaults.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";

export type PlacedFault = ArgumentFault & { ref: Ref };

/** @param from number of the path's first steps that already lead to `ref` */
export const placed = (fault: ArgumentFault, ref: Ref, from = 0): PlacedFault => ({
  ...fault,
  ref: ref.at(...fault.path.slice(from)),
});
