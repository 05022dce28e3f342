/** What the language server says and hears: the protocol's messages, and one of ours. */
import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { type Connection, TextDocumentSyncKind } from "vscode-languageserver";
import { isJsonObject } from "../toolcalls/json.ts";
import { FEATURE_CAPABILITIES, Features } from "./features/register.ts";
import { VISIBLE_LINES } from "./messages.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";

const VisibleLines = Type.Object({
  uri: Type.String(),
  firstLine: Type.Integer({ minimum: 0 }),
  lastLine: Type.Integer({ minimum: 0 }),
});

/** Answers on a connection until it closes. Features register their handlers here, each from a file of its own. */
export function serve(connection: Connection): void {
  const session = new Session(connection);
  const features = new Features(connection, session);
  connection.onInitialize(({ initializationOptions, workspaceFolders, capabilities }) => {
    session.configure(readSettings(initializationOptions));
    features.configure(workspaceFolders ?? [], capabilities.workspace?.codeLens?.refreshSupport === true);
    return {
      serverInfo: { name: "ToolExpander" },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        ...FEATURE_CAPABILITIES,
      },
    };
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    session.configure(readSettings(isJsonObject(settings) ? settings.toolexpander : undefined));
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    session.open(uri, version, text);
    features.changed();
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    session.change(uri, version, contentChanges);
    features.changed();
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    session.close(uri);
    features.close(uri);
  });
  connection.onDidChangeWatchedFiles(() => {
    features.changed({ onDisk: true });
    return session.refresh();
  });
  connection.onNotification(VISIBLE_LINES, (message: unknown) => {
    if (!Value.Check(VisibleLines, message)) return;
    session.show(message.uri, message.firstLine, message.lastLine);
    features.show(message.uri, message);
  });
  connection.listen();
}
