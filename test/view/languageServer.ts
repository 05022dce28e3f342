/** The language server in this process, on one document: what the editor's own client of it is in a window. */
import { dirname } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { createConnection, type Diagnostic, type PublishDiagnosticsParams } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Mark } from "../../extension/replacements/messages.ts";
import type { Completion, Path } from "../../schemas/replacementView.ts";
import { serve } from "../../server/language/connect.ts";
import { COMPLETE_DRAFT } from "../../server/language/messages.ts";

export interface ServedDocument extends Disposable {
  change(version: number, text: string): void;
  complete(path: Path, text: string, offset: number): Promise<Completion[]>;
}

const severities = ["error", "error", "warning", "information", "hint"] as const;

/** @param found what the server finds, by offsets in the text that it found it in */
export async function serveDocument(
  file: string,
  first: string,
  found: (text: string, marks: Mark[]) => void,
): Promise<ServedDocument> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const uri = pathToFileURL(file).href;
  const texts = new Map([[1, first]]);
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    if (params.uri !== uri) return;
    const text = texts.get(params.version ?? 0) ?? "";
    const document = TextDocument.create(uri, "json", 1, text);
    const marks = params.diagnostics.map(({ range, message, severity, code }: Diagnostic): Mark => {
      const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      return {
        from,
        to,
        sentence: typeof message === "string" ? message : message.value,
        severity: severities[severity ?? 1],
        rule: String(code ?? ""),
      };
    });
    found(text, marks);
  });
  client.listen();
  const folder = dirname(dirname(file));
  const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: "workspace" }];
  await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
  await client.sendNotification("initialized", {});
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "json", version: 1, text: first },
  });
  return {
    change: (version, text) => {
      texts.set(version, text);
      void client.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    },
    complete: (path, text, offset) => client.sendRequest(COMPLETE_DRAFT, { uri, path, text, offset }),
    [Symbol.dispose]: () => client.dispose(),
  };
}
