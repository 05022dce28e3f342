/** Names as a downloaded file may have them, and what a fault has to make of one: text that nothing obeys, and little of it. */
import assert from "node:assert/strict";
import { describe, InputError } from "../../../schemas/problem.ts";

/** What a terminal or an editor would obey. Line breaks too: a sentence is one line. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** More than any sentence of ours needs, file names included. */
const LONGEST = 2000;

export interface BadName {
  what: string;
  name: string;
  /** A part of it as every sentence shows it. */
  shown: string;
}

export const BAD_NAMES: readonly BadName[] = [
  {
    what: "codes that a terminal obeys",
    name: "\u001b[2J\u001b]8;;file:///x\u0007\u0000\u009b",
    shown: String.raw`\u001b[2J`,
  },
  { what: "a forged line", name: "\r\nall is well", shown: "all is well" },
  { what: "marks that reorder, and half a character", name: "\u202e\u2028\ufeff\ud800", shown: String.raw`\u202e` },
  { what: "a hundred thousand characters", name: "n".repeat(100_000), shown: "n".repeat(30) },
];

/** What a person reads of an InputError, known to be short, and inert wherever it is shown. */
function inertText(fault: unknown): string {
  assert.ok(fault instanceof InputError, fault instanceof Error ? fault.stack : String(fault));
  const text = describe(fault);
  assert.ok(text.length <= LONGEST, `${text.length} characters: ${text.slice(0, 300)}`);
  assert.doesNotMatch(text, OBEYED);
  return text;
}

/** The same of the InputError that the action raises. */
export function inertFaultOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return inertText(error);
  }
  assert.fail("no fault was raised");
}

/** That the action raises an InputError which tells the name so. */
export function assertToldInertly({ shown }: BadName, action: () => unknown): void {
  const text = inertFaultOf(action);
  assert.ok(text.includes(shown), text);
}

export async function assertRejectsInertly({ shown }: BadName, action: () => Promise<unknown>): Promise<void> {
  await assert.rejects(action, (error) => {
    const text = inertText(error);
    assert.ok(text.includes(shown), text);
    return true;
  });
}
