/** Two prompts part by part. Only what of them has reached the view is compared: their first thousands of characters. */
import type { GroupDetail, PromptMark } from "../../../schemas/rolloutView.ts";

export interface PartPair {
  kind: PromptMark["kind"];
  demonstration?: number;
  status: "same" | "different" | "left" | "right";
  left: string | undefined;
  right: string | undefined;
}

type Marked = Pick<GroupDetail, "prompt" | "marks">;

/** Parts of both in the order of the left one; what only the right one has stands behind them. */
export function compareParts(left: Marked, right: Marked): PartPair[] {
  const [ofLeft, ofRight] = [partsOf(left), partsOf(right)];
  const places = new Set([...ofLeft.keys(), ...ofRight.keys()]);
  return [...places].map((place): PartPair => {
    const [one, other] = [ofLeft.get(place), ofRight.get(place)];
    const { kind, demonstration } = (one ?? other) as Part;
    return {
      kind,
      ...(demonstration !== undefined && { demonstration }),
      status: !other ? "left" : !one ? "right" : one.text === other.text ? "same" : "different",
      left: one?.text,
      right: other?.text,
    };
  });
}

type Part = Pick<PromptMark, "kind" | "demonstration"> & { text: string };

/** By kind and demonstration; a prompt whose parts are not known is one part. Two parts of a kind are the second and so on. */
function partsOf({ prompt, marks }: Marked): Map<string, Part> {
  const known: PromptMark[] = marks.length > 0 ? [...marks] : [{ kind: "opening", from: 0, to: prompt.text.length }];
  const parts = new Map<string, Part>();
  for (const { kind, demonstration, from, to } of known) {
    const text = prompt.text.slice(from, to);
    let place = `${kind} ${demonstration ?? ""}`;
    while (parts.has(place)) place += "+";
    parts.set(place, { kind, ...(demonstration !== undefined && { demonstration }), text });
  }
  return parts;
}
