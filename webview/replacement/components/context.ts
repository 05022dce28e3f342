/** What every part of the editor works with, handed down so that a field needs no more than its path. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Path, Reading } from "../../../schemas/replacementView.ts";
import type { Faults } from "../client/faults.ts";
import type { ReplacementClient } from "../client/replacementClient.ts";
import { useTyping } from "./typing.ts";

export interface EditorContext {
  client: ReplacementClient;
  reading: Reading;
  faults: Faults;
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
 * @param value as the field shows it
 * @param toJson the value that a text means; undefined where it means none yet
 */
export function useDraft(path: Path, value: string, toJson: (text: string) => string | undefined) {
  const { client, reading } = useEditor();
  const send = (text: string): number | undefined => {
    const json = toJson(text);
    return json === undefined ? undefined : client.type({ change: "set", path, json });
  };
  return useTyping({ client, path, value, version: reading.version, send });
}
