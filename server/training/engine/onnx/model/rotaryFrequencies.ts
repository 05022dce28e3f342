/** How fast each pair of a head turns with the position, with the ways to stretch that over longer contexts. */

export type RotaryScaling =
  /** Positions are divided by the factor (Chen et al., "Extending Context Window of Large Language Models via Positional Interpolation"). */
  | { kind: "linear"; factor: number }
  /** Llama 3.1 and later: only pairs that turn slowly are stretched. */
  | { kind: "llama3"; factor: number; lowFrequency: number; highFrequency: number; originalPositions: number };

/**
 * Radians per position of the headSize / 2 pairs: θ^(−2i/d) (Su et al., "RoFormer", §3.3), scaled where the model was.
 *
 * With llama3 a pair that turns r times over the original context keeps its frequency where r ≥ highFrequency, has it
 * divided by the factor where r ≤ lowFrequency, and gets a blend of both, linear in r, in between.
 */
export function rotaryFrequencies(headSize: number, theta: number, scaling?: RotaryScaling): Float64Array {
  const plain = Float64Array.from({ length: headSize / 2 }, (_, i) => theta ** ((-2 * i) / headSize));
  if (scaling === undefined) return plain;
  const { factor } = scaling;
  if (scaling.kind === "linear") return plain.map((frequency) => frequency / factor);
  const { lowFrequency, highFrequency, originalPositions } = scaling;
  return plain.map((frequency) => {
    const turns = (originalPositions * frequency) / (2 * Math.PI);
    const kept = Math.min(1, Math.max(0, (turns - lowFrequency) / (highFrequency - lowFrequency)));
    return kept * frequency + ((1 - kept) * frequency) / factor;
  });
}
