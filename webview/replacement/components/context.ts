/** What every part of the editor works with, handed down so that a field needs no more than its path. */
import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { Change, Path, Reading } from "../../../schemas/replacementView.ts";
import type { Drafts } from "../client/drafts.ts";
import type { ReplacementClient } from "../client/replacementClient.ts";

export interface EditorContext {
  client: ReplacementClient;
  drafts: Drafts;
  reading: Reading;
}

export const Editor = createContext<EditorContext | undefined>(undefined);

export function useEditor(): EditorContext {
  const editor = useContext(Editor);
  if (!editor) throw new Error("This is drawn inside an editor only");
  return editor;
}

/** Milliseconds of quiet after which what was typed goes into the document: one step of its undo. */
const PAUSE = 300;

/**
 * A field of the document that is typed into. Shows what is typed until the document has it, and then the document.
 *
 * @param toChange the change that a text means; undefined where it means none yet
 */
export function useDraft(value: string, toChange: (text: string) => Change | undefined) {
  const { client, drafts, reading } = useEditor();
  const { refused } = client.state;
  const [draft, setDraft] = useState<string>();
  const typing = useRef({ text: "", held: false, sentFor: Number.POSITIVE_INFINITY, toChange });
  typing.current.toChange = toChange;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const send = useRef(() => {
    const current = typing.current;
    clearTimeout(timer.current);
    drafts.release(send.current);
    if (!current.held) return;
    current.held = false;
    const change = current.toChange(current.text);
    if (!change) return;
    current.sentFor = client.state.document?.version ?? 0;
    client.type(change);
  });
  useEffect(() => {
    const { held, sentFor } = typing.current;
    if (!held && reading.version > sentFor) setDraft(undefined);
  }, [reading]);
  // A refused edit is not in the document, which is shown as it is.
  useEffect(() => {
    if (refused > 0 && !typing.current.held) setDraft(undefined);
  }, [refused]);
  useEffect(() => () => send.current(), []);
  const input = (text: string): void => {
    setDraft(text);
    typing.current = { ...typing.current, text, held: true };
    drafts.hold(send.current);
    clearTimeout(timer.current);
    timer.current = setTimeout(send.current, PAUSE);
  };
  return { text: draft ?? value, input, leave: () => drafts.flush() };
}

/** Whether a path is another's beginning, or the same. */
export const isWithin = (path: Path, outer: Path): boolean =>
  outer.length <= path.length && outer.every((part, index) => part === path[index]);

/** What is wrong at a path; `deep` for all that lies within it. */
export function problemsAt({ problems }: Reading, path: Path, deep = false): string[] {
  return problems
    .filter((problem) => isWithin(problem.path, path) && (deep || problem.path.length === path.length))
    .map(({ sentence }) => sentence);
}
