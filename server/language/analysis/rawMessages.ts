/** Messages as they stand in a record, for faults that reading them has already smoothed over. */
import { items, member, textMember } from "../../toolcalls/dialects/read.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";

export interface RawMessage {
  message: Readonly<Record<string, unknown>>;
  /** Undefined where it is missing or no text. */
  role: string | undefined;
  ref: Ref;
}

const LISTS = ["messages", "prompt", "chosen", "rejected", "chosen_messages", "rejected_messages"];

/** Every message of every list of a row, a batch's request (`params`) included; what is no object is left out. */
export function rawMessages(value: unknown, root: Ref): RawMessage[] {
  const params = member(value, "params");
  const [holder, place] = isJsonObject(params) ? [params, root.at("params")] : [value, root];
  return LISTS.flatMap((key) =>
    items(member(holder, key), place.at(key)).flatMap(({ item, ref }) =>
      isJsonObject(item) ? [{ message: item, role: textMember(item, "role"), ref }] : [],
    ),
  );
}
