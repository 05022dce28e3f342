/** Messages from a socket, none of them longer than they may be: a length that somebody claims is memory that is kept for it. */
import type { Socket } from "node:net";
import { type DataCallback, type Disposable, SocketMessageReader } from "vscode-jsonrpc/node";

/** Longest message of whoever has not shown the token, bytes. */
export const STRANGERS_MESSAGE = 16 * 1024;
/** Longest message otherwise, bytes: room for all edits of an experiment at once. */
export const LONGEST_MESSAGE = 64 * 2 ** 20;

/** May be raised while the conversation goes on. */
export interface Bound {
  bytes: number;
}

export class BoundedReader extends SocketMessageReader {
  readonly #socket: Socket;
  readonly #frames: FrameMeter;

  constructor(socket: Socket, bound: Bound) {
    super(socket);
    this.#socket = socket;
    this.#frames = new FrameMeter(bound);
  }

  /** Messages that have come whole. */
  get came(): number {
    return this.#frames.whole;
  }

  override listen(callback: DataCallback): Disposable {
    // Before the reader's own listener, which keeps what comes.
    this.#socket.on("data", (chunk: Buffer) => {
      if (!this.#frames.take(chunk)) this.#socket.destroy();
    });
    return super.listen(callback);
  }
}

/** The only header that our ends write. Others that the protocol allows could be read in more than one way. */
const HEADER = /^Content-Length: ([1-9]\d{0,9})\r\n\r\n$/;
const END = "\r\n\r\n";
const LONGEST_HEADER = "Content-Length: \r\n\r\n".length + 10;

export class FrameMeter {
  readonly #bound: Bound;
  #header = "";
  /** Bytes of the message that have not come yet. */
  #left = 0;
  #whole = 0;

  constructor(bound: Bound) {
    this.#bound = bound;
  }

  /** Messages that were taken to their end. */
  get whole(): number {
    return this.#whole;
  }

  /** @returns false where what came is no frame, or one that is too long; nothing may be read behind it */
  take(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        if (this.#left === 0) this.#whole++;
        at += taken;
        continue;
      }
      this.#header += String.fromCharCode(chunk[at] ?? 0);
      at++;
      if (this.#header.length > LONGEST_HEADER) return false;
      if (!this.#header.endsWith(END)) continue;
      const length = Number(HEADER.exec(this.#header)?.[1]);
      // Not a number where there is none.
      if (!(length <= this.#bound.bytes)) return false;
      this.#header = "";
      this.#left = length;
    }
    return true;
  }
}
