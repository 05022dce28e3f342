/** Requests to a package feed, with one sentence for whatever goes wrong on the way. */
import { InputError } from "../../../../../schemas/problem.ts";
import { plain } from "../../../../toolcalls/display.ts";

export interface Transport {
  signal?: AbortSignal | undefined;
  /** Node's own, or one that knows an editor's proxy. */
  fetch?: typeof globalThis.fetch;
  /** A server that sends nothing for so long is given up. Milliseconds. */
  silence?: number;
}

const SILENCE_MS = 60_000;

/** A connection that is given up after a silence. */
export class Line {
  readonly signal: AbortSignal;
  readonly #silence: number;
  readonly #quiet = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor({ signal, silence = SILENCE_MS }: Transport) {
    this.#silence = silence;
    this.signal = signal ? AbortSignal.any([signal, this.#quiet.signal]) : this.#quiet.signal;
    this.heard();
  }

  get isQuiet(): boolean {
    return this.#quiet.signal.aborted;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#quiet.abort(), this.#silence);
  }

  hangUp(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * A response with a body, received by `receive` while the line is open.
 *
 * @throws InputError where it cannot be had; an AbortError where the signal says so; what `receive` throws of its own
 */
export async function request<T>(
  url: URL,
  transport: Transport,
  receive: (response: Response, line: Line) => Promise<T>,
): Promise<T> {
  const { signal, fetch = globalThis.fetch } = transport;
  signal?.throwIfAborted();
  checkScheme(url);
  const line = new Line(transport);
  try {
    const response = await fetch(url, { signal: line.signal });
    line.heard();
    checkScheme(new URL(response.url || url));
    if (!response.ok || response.body === null) throw refusal(url, response.status);
    return await receive(response, line);
  } catch (error) {
    signal?.throwIfAborted();
    if (line.isQuiet) throw new InputError(`${url.host} has sent nothing for too long; try again.`);
    throw isOfTheNetwork(error) ? new InputError(unreachable(url, error)) : error;
  } finally {
    line.hangUp();
  }
}

/** What will be loaded into a process may not come over an open line, but from this machine. */
function checkScheme(url: URL): void {
  const here = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol === "https:" || (url.protocol === "http:" && here)) return;
  throw new InputError(`${plain(url.href, 300)} is no https address; nothing is fetched from it.`);
}

function refusal(url: URL, status: number): InputError {
  const what = status === 404 ? `has nothing at ${plain(url.pathname, 300)} (404)` : `answered with status ${status}`;
  return new InputError(`${url.host} ${what}; try again later, or install another version of ToolExpander.`);
}

/** fetch throws a TypeError for a connection that could not be made or broke off, its cause telling which. */
const isOfTheNetwork = (error: unknown): error is TypeError =>
  error instanceof TypeError && (error.message === "fetch failed" || error.message === "terminated");

function unreachable({ host }: URL, { message, cause }: TypeError): string {
  if (message === "terminated") return `The connection to ${host} broke off; try again.`;
  const { code, message: detail } = (cause ?? {}) as { code?: unknown; message?: unknown };
  const known = [code, detail].find((text) => typeof text === "string" && text !== "");
  // fetch keeps a proxy's question for a password (407) to itself.
  const why = known === undefined ? "a proxy may ask for a name and a password" : plain(String(known), 200);
  return `${host} cannot be reached (${why}): check the network; a proxy has to be named by HTTPS_PROXY, or in the editor's settings.`;
}
