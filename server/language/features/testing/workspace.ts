/** A small workspace on disk, and a client of a language server in this process that works on it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import {
  type CompletionList,
  createConnection,
  type Position,
  type Range,
  type TextEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { serve } from "../../connect.ts";

export const TOOLS = `[
  {"type":"function","function":{"name":"set_heating","description":"Heats a *room*","parameters":{"type":"object","properties":{"room":{"type":"string"},"degrees":{"type":"integer"},"mode":{"type":"string","enum":["eco","comfort"]}},"required":["room","degrees"]}}},
  {"type":"function","function":{"name":"play_music","description":"Plays music","parameters":{"type":"object","properties":{"artist":{"type":"string"}},"required":["artist"]}}}
]
`;
export const TRAIN = `${[
  '{"id":"t1","query":"Heat","tools":["set_heating","play_music"],"answer":[{"name":"set_heating","arguments":{"room":"hall","degrees":20}}],"category":"single"}',
  '{"id":"t2","query":"Sing","tools":["play_music"],"answer":[{"name":"play_music","arguments":{"artist":"Eva"}}],"category":"single"}',
  '{"id":"t3","query":"Nothing","tools":["play_music"],"answer":[],"category":"none"}',
].join("\r\n")}\r\n`;
export const DEMOS = `${[
  '{"id":"d1","query":"Warm","answer":[{"name":"set_heating","arguments":{"room":"bath","degrees":24,"mode":"eco"}}]}',
  '{"id":"d2","query":"Music","answer":[{"name":"play_music","arguments":{"artist":"Ann"}}]}',
].join("\n")}\n`;

/** Names of tools are completed here as soon as the tools are known. */
const OFFER = '"tools":["';

export const FILES: Readonly<Record<string, string>> = {
  "experiment.json": JSON.stringify({
    tools: ["home.tools.json"],
    train: "train.samples.jsonl",
    demonstrations: "quick.demos.jsonl",
  }),
  "home.tools.json": TOOLS,
  "train.samples.jsonl": TRAIN,
  "quick.demos.jsonl": DEMOS,
};

export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly client: MessageConnection;
  readonly #texts: Map<string, string>;

  private constructor(folder: string, client: MessageConnection, texts: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.client = client;
    this.#texts = new Map(Object.entries(texts));
  }

  /** @param files by name, in place of the standard ones of the same name; `folders` those of the workspace */
  static async start(files: Readonly<Record<string, string>> = {}, folders = ["."]): Promise<Workspace> {
    const folder = mkdtempSync(join(tmpdir(), "toolexpander-language-"));
    const written = { ...FILES, ...files };
    for (const [name, text] of Object.entries(written)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
    const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    client.listen();
    const workspaceFolders = folders.map((name) => ({ uri: pathToFileURL(join(folder, name)).href, name }));
    await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
    await client.sendNotification("initialized", {});
    return new Workspace(folder, client, written);
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  text(name: string): string {
    return this.#texts.get(name) ?? "";
  }

  /** Opens a document, and waits until its tools are known. */
  async open(name: string, text = this.text(name)): Promise<void> {
    this.#texts.set(name, text);
    const uri = this.uri(name);
    await this.client.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "jsonl", version: 1, text },
    });
    if (text.includes(OFFER)) await this.#toolsAreKnown(name);
  }

  async #toolsAreKnown(name: string): Promise<void> {
    const position = this.position(name, OFFER, OFFER.length);
    const deadline = AbortSignal.timeout(10_000);
    for (;;) {
      const { items } = await this.request<CompletionList>("completion", name, { position });
      if (items.some(({ label }) => label === '"play_music"')) return;
      deadline.throwIfAborted();
      await new Promise((next) => setImmediate(next));
    }
  }

  request<T>(method: string, name: string, params: object = {}): Promise<T> {
    return this.client.sendRequest(`textDocument/${method}`, { textDocument: { uri: this.uri(name) }, ...params });
  }

  /** Where a text stands, `within` units behind its beginning. */
  position(name: string, text: string, within = 0): Position {
    const document = TextDocument.create("", "", 1, this.text(name));
    const offset = document.getText().indexOf(text);
    if (offset === -1) throw new Error(`No ${text} in ${name}`);
    return document.positionAt(offset + within);
  }

  range(name: string, text: string): Range {
    return { start: this.position(name, text), end: this.position(name, text, text.length) };
  }

  at(name: string, { start, end }: Range): string {
    const document = TextDocument.create("", "", 1, this.text(name));
    return document.getText({ start, end });
  }

  applied(name: string, edits: TextEdit[]): string {
    return TextDocument.applyEdits(TextDocument.create("", "", 1, this.text(name)), edits);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
