/** A part of the document that is typed into: shows what is typed until the document has it, and from then on the document. */
import { useState } from "preact/hooks";
import type { Path } from "../../../schemas/replacementView.ts";
import type { ReplacementClient } from "../client/replacementClient.ts";

export interface TypingOptions {
  client: ReplacementClient;
  /** Where the text goes. */
  path: Path;
  /** What the document has. */
  value: string;
  /** Of the document, where it has this value. */
  version: number;
  /** Asks for the change that a text means: the edit's number, or undefined where it means none yet. */
  send(text: string): number | undefined;
}

export function useTyping({ client, path, value, version, send }: TypingOptions) {
  const { drafts } = client;
  const [, redraw] = useState(0);
  const input = (text: string): void => {
    drafts.type({ path, text, base: value, send });
    redraw((count) => count + 1);
  };
  /** Also between two drawings: a person may have typed on meanwhile. */
  const now = (): string => drafts.at(path, value, version) ?? value;
  return { text: now(), now, input, leave: () => drafts.flush() };
}
