/**
 * The language server over its standard streams, with a clock: for every message it hears and says, the moment at which the last byte
 * had come, or the first one left, goes to the parent by ipc.
 */

import type { Message } from "vscode-jsonrpc";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { serve } from "../../server/language/connect.ts";
import { keepHeapSmall } from "../../server/language/heap.ts";

/** When the bytes that are being read had come; the message is taken from them at once. */
let arrived = 0;
process.stdin.prependListener("data", () => {
  arrived = performance.now();
});

class ClockedReader extends StreamMessageReader {
  override listen(callback: (message: Message) => void) {
    return super.listen((message) => {
      const heard = arrived;
      report("heard", message, heard);
      callback(message);
    });
  }
}

class ClockedWriter extends StreamMessageWriter {
  override write(message: Message): Promise<void> {
    const { rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    report("said", message, performance.now(), { rss, cpu: (user + system) / 1000 });
    return super.write(message);
  }
}

function report(what: string, message: Message, at: number, more: object = {}): void {
  const { method, params } = { method: "", params: {}, ...message };
  const { uri, version, diagnostics } = {
    uri: "",
    version: 0,
    diagnostics: [],
    ...Object(params),
    ...Object(Object(params).textDocument),
  };
  process.send?.({
    what,
    method,
    uri,
    version,
    count: diagnostics.length,
    at,
    peak: process.resourceUsage().maxRSS * 1024,
    ...more,
  });
}

keepHeapSmall();
serve(createConnection(new ClockedReader(process.stdin), new ClockedWriter(process.stdout)));
