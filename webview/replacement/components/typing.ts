/** A part of the document that is typed into: shows what is typed until the document has it, and from then on the document. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ReplacementClient } from "../client/replacementClient.ts";

/** Milliseconds of quiet after which what was typed goes into the document: one step of its undo. */
const PAUSE = 300;

export interface TypingOptions {
  client: ReplacementClient;
  /** What the document has. */
  value: string;
  /** Of the document, where it has this value. */
  version: number;
  /** Asks for the change that a text means; false where it means none yet. */
  send(text: string): boolean;
}

export function useTyping({ client, value, version, send }: TypingOptions) {
  const { drafts } = client;
  const { refused } = client.state;
  const [draft, setDraft] = useState<string>();
  const typing = useRef({ text: "", held: false, sentFor: Number.POSITIVE_INFINITY, send });
  typing.current.send = send;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const release = useRef(() => {
    const current = typing.current;
    clearTimeout(timer.current);
    drafts.release(release.current);
    if (!current.held) return;
    current.held = false;
    const sentFor = client.state.document?.version ?? 0;
    if (current.send(current.text)) current.sentFor = sentFor;
  });
  useEffect(() => {
    const { held, sentFor } = typing.current;
    if (!held && version > sentFor) setDraft(undefined);
  }, [version]);
  // A refused edit is not in the document, which is shown as it is.
  useEffect(() => {
    if (refused > 0 && !typing.current.held) setDraft(undefined);
  }, [refused]);
  useEffect(() => () => release.current(), []);
  const input = (text: string): void => {
    setDraft(text);
    typing.current = { ...typing.current, text, held: true };
    drafts.hold(release.current);
    clearTimeout(timer.current);
    timer.current = setTimeout(release.current, PAUSE);
  };
  return { text: draft ?? value, input, leave: () => drafts.flush() };
}
