/** Tries as a host tells of them, for tests of the view. */
import type { TriedRollout, TrySide } from "../../schemas/tries.ts";
import type { TryState } from "../../schemas/tryView.ts";

const call = (degrees: number): string =>
  `<tool_call>\n{"name": "set_heating", "arguments": {"room": "garage", "degrees": ${degrees}, "duration": 45}}\n</tool_call>`;

/** The edit solves two of three, the automatic version one of ten. */
export function rollout(side: TrySide, index: number, changes: Partial<TriedRollout> = {}): TriedRollout {
  const correct = side === "edited" ? index % 3 !== 0 : index === 4;
  const text = changes.text ?? call(correct ? 16 : 20 + index);
  return {
    side,
    rollout: index,
    text,
    characters: text.length,
    tokens: 40 + index,
    truncated: false,
    calls: "[]",
    formatOk: true,
    correct,
    reward: Number(correct),
    failed: false,
    reason: correct ? "The calls are right." : `Parameter degrees: ${20 + index} is not 16.`,
    ...changes,
  };
}

/** A try that has begun and of which nothing is drawn yet. */
export const drawing: TryState = {
  phase: "drawing",
  rollouts: 10,
  version: 1,
  reason: null,
  remedy: null,
  policy: { step: 12, updating: false },
  sides: [
    { side: "edited", version: "edited", tokens: 312 },
    { side: "automatic", version: "few-shot", tokens: 287 },
  ],
  tried: [],
};
