/** Whether two texts differ in nothing but the space between the tokens of JSON. Both may be no JSON yet. */
export const sameJson = (one: string, other: string): boolean =>
  one === other || withoutLayout(one) === withoutLayout(other);

/** Strings stay as they are, with what is in them. */
const withoutLayout = (text: string): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ""));
