/**
 * Writers of messages to a process that may die at any moment. vscode-jsonrpc throws the error of a write that failed once more where
 * nobody can catch it, which ends the process: here such a write settles, and the end of the connection is what is told.
 */
import { IPCMessageWriter, type Message, SocketMessageWriter } from "vscode-jsonrpc/node";

/** What a write meets whose other end is gone. */
const GONE = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "ERR_IPC_CHANNEL_CLOSED",
]);

async function unlessGone(written: Promise<void>): Promise<void> {
  try {
    await written;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !GONE.has(code)) throw error;
  }
}

export class SocketWriter extends SocketMessageWriter {
  override write(message: Message): Promise<void> {
    return unlessGone(super.write(message));
  }
}

export class IpcWriter extends IPCMessageWriter {
  override write(message: Message): Promise<void> {
    return unlessGone(super.write(message));
  }
}
