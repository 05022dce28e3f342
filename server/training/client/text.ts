/** Numbers as a person reads them, in a terminal and in the editor. */
import type { Accuracy } from "../../../schemas/accuracy.ts";
import type { ToolChoices } from "../../../schemas/choices.ts";
import { plain } from "../../toolcalls/display.ts";

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `62.5 % (95 % interval 54.0 to 70.3 %, 80 of 128)`. */
export function accuracyText({ value, low, high, correct, rows }: Accuracy): string {
  return `${percent(value)} (95 % interval ${(100 * low).toFixed(1)} to ${percent(high)}, ${correct} of ${rows})`;
}

/** `choice of tools 2.31 bits, 1.10 per question`. */
export function entropyText({ entropyBits, entropyBitsPerQuestion }: ToolChoices): string {
  return `choice of tools ${entropyBits.toFixed(2)} bits, ${entropyBitsPerQuestion.toFixed(2)} per question`;
}

/** A tool as tables name it. */
export const choiceName = (tool: string | null): string => (tool === null ? "(plain reasoning)" : plain(tool));

/** Seconds as the two largest units that matter: `3 h 12 min`, `4 min 5 s`, `7 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** A number with about three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);
}

/** Characters of a bar. */
const WIDTH = 24;

export function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  return "█".repeat(filled) + "░".repeat(WIDTH - filled);
}
