/** Where an endpoint is: what a base URL may be, since whoever is named there is sent questions and the key. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";

/**
 * The base URL in one spelling, without a slash at its end.
 *
 * @throws InputError for anything but https, or http on this machine; for parts that would carry secrets into records
 */
export function baseAddress(text: string): string {
  const shown = plain(withoutUser(text));
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InputError(
      `"${shown}" is no address of a judge's endpoint; give its base URL, such as https://judge.example.invalid/v1`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new InputError(
      `the judge's address ${shown} must have no user, password, query or fragment, since records name it; give the key apart`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new InputError(
      `the judge's address ${shown} would send questions and the key unencrypted; use https, or an endpoint on this machine`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

/** What a key belongs to: it is sent nowhere else. */
export const originOf = (text: string): string => new URL(baseAddress(text)).origin;

/** The URL parser has written IPv4 addresses in their usual form by now. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** An address is shown where it is refused, and what somebody typed may hold a password. */
const withoutUser = (text: string): string => text.replace(/\/\/[^/]*@/, "//").replace(/[?#].*$/s, "");
