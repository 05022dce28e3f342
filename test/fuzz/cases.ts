/** A case is a function of the seed, the target's name and its number alone, so that each of them can be made again. */
import { hash } from "node:crypto";
import { randomStream } from "../../server/language/testing/mutate.ts";
import { mutated } from "./mutations.ts";
import type { Target } from "./target.ts";

export function caseOf(
  { name, mutate = mutated }: Pick<Target, "name" | "mutate">,
  seeds: readonly Uint8Array[],
  seed: number,
  number: number,
): Uint8Array {
  const random = randomStream(Number.parseInt(hash("sha256", JSON.stringify([seed, name, number])).slice(0, 8), 16));
  // A copy of the plain kind: a slice of a Buffer is the Buffer's own memory.
  const draw = (): Uint8Array => new Uint8Array(seeds[Math.floor(random() * seeds.length)] ?? []);
  return mutate(draw(), draw(), random);
}
