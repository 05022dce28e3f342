/** URIs of schemas. */

/** Where the schema of a user stands when it gives no absolute `$id`. */
export const ANONYMOUS = "toolexpander:///schema";

/** The absolute URI, or undefined where the two make none. */
export function resolveUri(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
}

/** The URI without its fragment, and the fragment. */
export function split(uri: string): [base: string, fragment?: string] {
  const at = uri.indexOf("#");
  return at < 0 ? [uri] : [uri.slice(0, at), uri.slice(at + 1)];
}

/** The fragment without percent escapes; undefined where they are wrong. */
export function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}
