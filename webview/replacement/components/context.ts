/** What every part of the editor works with, handed down so that a field needs no more than its path. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Change, Path, Reading } from "../../../schemas/replacementView.ts";
import type { ReplacementClient } from "../client/replacementClient.ts";
import { useTyping } from "./typing.ts";

export interface EditorContext {
  client: ReplacementClient;
  reading: Reading;
}

export const Editor = createContext<EditorContext | undefined>(undefined);

export function useEditor(): EditorContext {
  const editor = useContext(Editor);
  if (!editor) throw new Error("This is drawn inside an editor only");
  return editor;
}

/**
 * A value of the document that is typed into.
 *
 * @param toChange the change that a text means; undefined where it means none yet
 */
export function useDraft(value: string, toChange: (text: string) => Change | undefined) {
  const { client, reading } = useEditor();
  const send = (text: string): boolean => {
    const change = toChange(text);
    if (change) client.type(change);
    return change !== undefined;
  };
  return useTyping({ client, value, version: reading.version, send });
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
