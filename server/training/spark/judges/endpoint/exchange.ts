/** One request to an endpoint and its reply, within a time and a size. */
import type { Clock } from "../clock.ts";
import { type Reply, readReply } from "./reply.ts";

/** Largest reply that is read, bytes; an answer needs some thousand. */
export const LARGEST_REPLY = 2 ** 20;

export interface Exchange {
  url: string;
  key: string | undefined;
  body: string;
  /** Time limit, milliseconds, until the reply is read. */
  limit: number;
}

/** How a connection failed that no second attempt will bring about: there is no such host, or it is not who it says. */
const LASTING = /^(ENOTFOUND|EPROTO|ERR_INVALID_URL|ERR_SSL_\w+|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/;

class TooLong extends Error {}

/** @throws AbortError as soon as the signal comes */
export async function exchange({ url, key, body, limit }: Exchange, clock: Clock, signal: AbortSignal): Promise<Reply> {
  signal.throwIfAborted();
  const over = new AbortController();
  const done = new AbortController();
  clock.sleep(limit, done.signal).then(
    () => over.abort(),
    () => {},
  );
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      // Elsewhere is somebody else, who was not named and is not sent anything.
      redirect: "manual",
      signal: AbortSignal.any([signal, over.signal]),
    });
    const text = await boundedText(response);
    return readReply(
      { status: response.status, header: (name) => response.headers.get(name), body: text },
      clock.date(),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (over.signal.aborted) return { kind: "again", why: `it did not answer within ${limit / 1000} s` };
    if (error instanceof TooLong)
      return { kind: "unusable", why: `its reply is larger than ${LARGEST_REPLY / 1024} KiB` };
    return failure(error);
  } finally {
    done.abort();
  }
}

/** fetch tells what happened in the cause alone. */
function failure(error: unknown): Reply {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = `it cannot be reached (${code || (cause instanceof Error ? cause.message : String(cause))})`;
  // fetch keeps to the ports that browsers allow.
  const isLasting = LASTING.test(code) || (cause instanceof Error && cause.message === "bad port");
  return isLasting ? { kind: "never", why: `${why}; check the address` } : { kind: "again", why };
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop early ends the connection.
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > LARGEST_REPLY) throw new TooLong();
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
