/** Turns of formats that write an assistant's text, thoughts and calls as items of their own. */
import type { Call, Turn } from "./model.ts";
import type { Ref } from "./ref.ts";

/** Calls belong to the assistant's turn before them, so that text and calls of one answer stay together. */
export function addCalls(turns: Turn[], calls: readonly Call[], text: string, ref: Ref): void {
  const last = turns.at(-1);
  if (last?.role === "assistant") {
    last.calls.push(...calls);
    last.text += text;
  } else turns.push({ role: "assistant", text, calls: [...calls], ref });
}

const OPEN = "<think>";
const CLOSE = "</think>";

/** A thought before a text, as most chat templates write it. */
export const withThought = (thought: string, text: string): string =>
  thought === "" ? text : `${OPEN}\n${thought}\n${CLOSE}\n\n${text}`;

/** The thought that a text begins with, and what follows it; `end` is where that begins. */
export function splitThought(text: string): { thought: string; rest: string; end: number } {
  const none = { thought: "", rest: text, end: 0 };
  const start = text.length - text.trimStart().length;
  if (!text.startsWith(OPEN, start)) return none;
  const close = text.indexOf(CLOSE, start);
  if (close === -1) return none;
  const behind = text.slice(close + CLOSE.length);
  const rest = behind.trimStart();
  return {
    thought: text.slice(start + OPEN.length, close).trim(),
    rest,
    end: text.length - rest.length,
  };
}
