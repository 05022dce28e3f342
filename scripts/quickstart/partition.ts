/** Which rows a free value may appear in. Held-out rows must hold values that nothing learnt from has shown. */
import { hash } from "./random.ts";

export type Part = "warmup" | "train" | "heldOut";

/** Half of all values belong to the warm-up, a quarter to training rows and demonstrations, a quarter to held-out rows. */
export function partOf(kind: string, text: string): Part {
  const bucket = hash(`${kind}=${text}`) % 4;
  if (bucket === 0) return "heldOut";
  return bucket === 1 ? "train" : "warmup";
}
