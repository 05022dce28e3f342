/** A prompt, or a completion, of any length. */
import type { ComponentChildren } from "preact";
import { type GroupKey, groupOf, type TextPart } from "../../../schemas/rolloutView.ts";
import { LongText as AnyLongText } from "../../text/LongText.tsx";
import type { RolloutClient } from "../client/rolloutClient.ts";

export interface LongTextProps {
  client: RolloutClient;
  group: GroupKey;
  /** Folder of another run that the group is of. */
  run?: string | undefined;
  /** Null for the prompt. */
  rollout: number | null;
  part: TextPart;
  label: string;
  /** Shows what is there of the text; as it is, where this is left out. */
  children?(text: string): ComponentChildren;
}

export function LongText({ client, group, run, rollout, part, label, children }: LongTextProps) {
  const more = (from: number) =>
    client.ask("text", { key: groupOf(group), rollout, from, ...(run !== undefined && { run }) });
  return (
    <AnyLongText part={part} label={label} more={more}>
      {children}
    </AnyLongText>
  );
}
