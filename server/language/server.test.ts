import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test from "node:test";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { createConnection, type PublishDiagnosticsParams } from "vscode-languageserver/node";
import { serve } from "./connect.ts";
import { DIALECT, VISIBLE_LINES } from "./messages.ts";

/** A client on the other end of a server in this process. */
async function startServer() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const published: PublishDiagnosticsParams[] = [];
  let arrived = (): void => {};
  client.onNotification("textDocument/publishDiagnostics", (message: PublishDiagnosticsParams) => {
    published.push(message);
    arrived();
  });
  const told: string[] = [];
  client.onNotification("window/showMessage", ({ message }: { message: string }) => {
    told.push(message);
  });
  client.listen();
  await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: { maxFindings: 5 },
  });
  await client.sendNotification("initialized", {});
  /** The first message, of those that have come and will come, that fits; fails after ten seconds. */
  async function until(fits: (message: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    const deadline = AbortSignal.timeout(10_000);
    for (;;) {
      const found = published.findLast(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        arrived = resolve;
        deadline.addEventListener("abort", () => reject(new Error(`Only came: ${JSON.stringify(published)}`)), {
          once: true,
        });
      });
    }
  }
  return { client, until, published, told, [Symbol.dispose]: () => client.dispose() };
}

const uri = "untitled:a.samples.jsonl";
const good = '{"id":"a","query":"Hello","tools":[],"answer":[]}';

test("diagnostics come after opening, follow every edit, and go when the document closes", async () => {
  using server = await startServer();
  const { client, until } = server;
  const text = `${good}\n{"id":"b","query":"Hello","tools":["x","x"],"answer":[]}\n`;
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "jsonl", version: 1, text },
  });
  const opened = await until(({ diagnostics }) => diagnostics.some(({ code }) => code === "duplicate-tool"));
  const diagnostic = opened.diagnostics.find(({ code }) => code === "duplicate-tool");
  const start = text.split("\n")[1]?.lastIndexOf('"x"') ?? -1;
  assert.deepEqual(diagnostic?.range, { start: { line: 1, character: start }, end: { line: 1, character: start + 3 } });

  const range = { start: { line: 1, character: start + 1 }, end: { line: 1, character: start + 2 } };
  await client.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range, text: "y" }],
  });
  const changed = await until(({ version }) => version === 2);
  assert.ok(changed.diagnostics.every(({ code }) => code !== "duplicate-tool"));

  await client.sendNotification("textDocument/didClose", { textDocument: { uri } });
  await until(({ version, diagnostics }) => version === undefined && diagnostics.length === 0);
});

test("findings are capped with the true count, and settings change them", async () => {
  using server = await startServer();
  const { client, until } = server;
  const text = Array.from(
    { length: 40 },
    (_, index) => `{"id":"${index}","query":"${index}","tools":["x","x"],"answer":[]}`,
  ).join("\n");
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "jsonl", version: 1, text },
  });
  await client.sendNotification(VISIBLE_LINES, { uri, firstLine: 30, lastLine: 35 });
  await client.sendNotification(VISIBLE_LINES, { uri, firstLine: -1 });
  const last = ({ diagnostics }: PublishDiagnosticsParams): string => String(diagnostics.at(-1)?.message);
  const { diagnostics } = await until((message) => /^40 findings .* first 5 /.test(last(message)));
  assert.equal(diagnostics.length, 6);
  await client.sendNotification("workspace/didChangeConfiguration", {
    settings: { toolexpander: { rules: { "duplicate-tool": "off" } } },
  });
  await until((message) => message.version === 1 && message.diagnostics.length === 0);
});

test("a catalog that is not saved reaches the samples of another document, as does every edit of it", async () => {
  using server = await startServer();
  const { client, until, published } = server;
  const catalog = "untitled:folder/a.tools.json";
  const samples = "untitled:folder/a.samples.jsonl";
  const parameters = '{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}';
  const tool = `[{"type":"function","function":{"name":"f","description":"F.","parameters":${parameters}}}]`;
  const row = '{"id":"a","query":"Hello","tools":["f"],"answer":[{"name":"f","arguments":{"n":"1"}}]}';
  const open = (uri: string, text: string) =>
    client.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "json", version: 1, text } });
  const codes = ({ diagnostics }: PublishDiagnosticsParams): string => diagnostics.map(({ code }) => code).join();
  await open(samples, row);
  await until((message) => message.uri === samples && codes(message) === "");
  await open(catalog, tool);
  const wrong = await until((message) => message.uri === samples && codes(message) === "argument-type");
  assert.equal(wrong.diagnostics[0]?.relatedInformation?.[0]?.location.uri, catalog);
  const at = tool.indexOf("integer");
  const range = { start: { line: 0, character: at }, end: { line: 0, character: at + "integer".length } };
  await client.sendNotification("textDocument/didChange", {
    textDocument: { uri: catalog, version: 2 },
    contentChanges: [{ range, text: "string" }],
  });
  await until(
    (message) =>
      message.uri === samples && published.indexOf(message) > published.indexOf(wrong) && codes(message) === "",
  );
});

test("a dialect that is chosen counts before the detected one, until it is chosen no longer", async () => {
  using server = await startServer();
  const { client, until, told } = server;
  const configure = (dialects: object) =>
    client.sendNotification("workspace/didChangeConfiguration", { settings: { toolexpander: { dialects } } });
  const answer = () => client.sendRequest<object>(DIALECT, { uri });
  const twice = '{"id":"a","query":"Hello","tools":["x","x"],"answer":[]}';
  const codes = ({ diagnostics }: PublishDiagnosticsParams): string => diagnostics.map(({ code }) => code).join();
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "jsonl", version: 1, text: twice },
  });
  await until((message) => codes(message) === "duplicate-tool");
  assert.deepEqual(await answer(), { detected: "toolexpander" });
  await configure({ "*.samples.jsonl": "sharegpt" });
  await until((message) => message.version === 1 && codes(message) !== "duplicate-tool");
  assert.deepEqual(await answer(), { detected: "toolexpander", chosen: "sharegpt" });
  await configure({ "*.samples.jsonl": "share-gpt", "": "xlam" });
  assert.deepEqual(await answer(), { detected: "toolexpander" });
  await until((message) => codes(message) === "duplicate-tool");
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /no dialect "share-gpt" .*did you mean "sharegpt"\?.* And 1 more in this setting\.$/);
  await assert.rejects(client.sendRequest(DIALECT, { uri: "untitled:other" }), /The document is not open/);
});
