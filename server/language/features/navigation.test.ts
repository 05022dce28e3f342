import assert from "node:assert/strict";
import test from "node:test";
import type { Location, WorkspaceEdit } from "vscode-languageserver";
import { DEMOS, TOOLS, TRAIN, Workspace } from "./testing/workspace.ts";

const train = "train.samples.jsonl";

test("a call leads to its tool, an argument to its parameter", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const position = workspace.position(train, '"name":"set_heating"', 12);
  const [tool, ...others] = await workspace.request<Location[]>("definition", train, { position });
  assert.equal(others.length, 0);
  assert.equal(tool?.uri, workspace.uri("home.tools.json"));
  assert.equal(workspace.at("home.tools.json", tool.range), '"set_heating"');
  const argument = workspace.position(train, '"degrees"', 3);
  const [parameter] = await workspace.request<Location[]>("definition", train, { position: argument });
  assert.ok(parameter);
  assert.equal(workspace.at("home.tools.json", parameter.range), '"degrees"');
  const nothing = workspace.position(train, '"query"', 3);
  assert.deepEqual(await workspace.request("definition", train, { position: nothing }), []);
});

test("references span tools, samples and demonstrations", async () => {
  await using workspace = await Workspace.start();
  await workspace.open("home.tools.json");
  const position = workspace.position("home.tools.json", "set_heating", 2);
  const places = await workspace.request<Location[]>("references", "home.tools.json", {
    position,
    context: { includeDeclaration: true },
  });
  const names = places.map(({ uri, range }) => `${uri.split("/").at(-1)}:${range.start.line}`).sort();
  assert.deepEqual(names, [
    "home.tools.json:1",
    "quick.demos.jsonl:0",
    "train.samples.jsonl:0",
    "train.samples.jsonl:0",
  ]);
});

async function renamed(workspace: Workspace, name: string, text: string, newName: string) {
  const position = workspace.position(name, text, 1);
  const { changes = {} } = await workspace.request<WorkspaceEdit>("rename", name, { position, newName });
  return (file: string): string => workspace.applied(file, changes[workspace.uri(file)] ?? []);
}

test("a tool and a parameter are renamed in every file, and nothing else changes", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const tool = await renamed(workspace, train, "set_heating", "heat");
  assert.equal(tool("home.tools.json"), TOOLS.replaceAll("set_heating", "heat"));
  assert.equal(tool(train), TRAIN.replaceAll("set_heating", "heat"));
  assert.equal(tool("quick.demos.jsonl"), DEMOS.replaceAll("set_heating", "heat"));
  const parameter = await renamed(workspace, train, '"room"', 'the "room"');
  const written = (text: string): string => text.replaceAll('"room"', JSON.stringify('the "room"'));
  assert.equal(parameter("home.tools.json"), written(TOOLS));
  assert.equal(parameter(train), written(TRAIN));
  assert.equal(parameter("quick.demos.jsonl"), written(DEMOS));
});

test("a name inside JSON in a string is renamed with its escapes", async () => {
  const call = (name: string, argument: string): string =>
    JSON.stringify({
      messages: [
        { role: "user", content: "é😀" },
        {
          role: "assistant",
          tool_calls: [
            { type: "function", function: { name, arguments: JSON.stringify({ [argument]: "é", other: '"x"' }) } },
          ],
        },
      ],
      tools: [
        {
          type: "function",
          function: { name, parameters: { type: "object", properties: { [argument]: {}, other: {} } } },
        },
      ],
    });
  const file = "chat.samples.jsonl";
  const text = `${call("find", "where")}\n`;
  await using workspace = await Workspace.start({ [file]: text });
  await workspace.open(file, text);
  assert.equal((await renamed(workspace, file, "find", "search"))(file), `${call("search", "where")}\n`);
  assert.equal((await renamed(workspace, file, 'where\\"', 'a"b\\'))(file), `${call("find", 'a"b\\')}\n`);
  const prepared = await workspace.request<{ range: Location["range"]; placeholder: string }>("prepareRename", file, {
    position: workspace.position(file, "where", 1),
  });
  assert.equal(workspace.at(file, prepared.range), "where");
  assert.equal(prepared.placeholder, "where");
});

test("names that are invalid or taken are refused with a sentence", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const refuses = (text: string, newName: string, sentence: RegExp): Promise<void> =>
    assert.rejects(renamed(workspace, train, text, newName), ({ message }: Error) => sentence.test(message));
  await refuses("set_heating", "", /must not be empty/);
  await refuses("set_heating", "set heating", /is no name for a tool/);
  await refuses("set_heating", "play_music", /"play_music" is already used beside "set_heating"/);
  await refuses('"room"', "degrees", /"degrees" is already used beside "room"/);
  await refuses('"room"', "a\u0000", /control characters/);
  await refuses('"query"', "question", /Only names of tools and parameters/);
});

test("a file that the editor cannot change is refused by its name, and names in an unsaved catalog count", async () => {
  const padding = JSON.stringify({ id: "p", query: "x".repeat(2 ** 20), tools: [], answer: [] });
  const [line = ""] = TRAIN.split("\r\n");
  const large = { "big.samples.jsonl": `${`${padding}\n`.repeat(51)}${line}\n` };
  await using workspace = await Workspace.start(large);
  await workspace.open("home.tools.json", TOOLS.replace("play_music", "play_song"));
  await assert.rejects(
    renamed(workspace, "home.tools.json", "set_heating", "heat"),
    /^.*big\.samples\.jsonl has 51 MB, more than the editor can change; run "toolexpander rename set_heating heat"/,
  );
  await assert.rejects(renamed(workspace, "home.tools.json", "set_heating", "play_song"), /already used/);
});

test("a parameter is renamed in calls that are written as Python, and only to what Python can hold", async () => {
  const name = "python.samples.json";
  const tool = {
    name: "book",
    parameters: { type: "object", properties: { at: { type: "object", properties: { lat: { type: "number" } } } } },
  };
  const text = JSON.stringify([
    {
      system: `Here is a list of functions in JSON format that you can invoke:\n${JSON.stringify([tool])} Answer with [func1(a=b)].`,
      conversations: [
        { from: "user", value: "?" },
        { from: "assistant", value: "[book(at={'lat': 1.5})]" },
      ],
    },
  ]);
  await using workspace = await Workspace.start({ [name]: text });
  await workspace.open(name, text);
  const [outer, inner] = [
    await renamed(workspace, name, "at={", "where"),
    await renamed(workspace, name, "lat': 1", "latitude"),
  ];
  assert.equal(outer(name), text.replace('\\"at\\"', '\\"where\\"').replace("at={", "where={"));
  assert.equal(inner(name), text.replace('\\"lat\\"', '\\"latitude\\"').replace("'lat'", "'latitude'"));
  await assert.rejects(renamed(workspace, name, "at={", "a=b"), /"a=b" cannot be written in the text/);
});

test("just after a document is opened, no tool of another folder is taken for its own", async () => {
  const files = ["a", "b", "c"].flatMap((name) => [
    [`${name}/home.tools.json`, TOOLS],
    [`${name}/home.samples.jsonl`, TRAIN],
  ]);
  await using workspace = await Workspace.start(Object.fromEntries(files));
  await workspace.open("a/home.samples.jsonl", TRAIN);
  for (const name of ["b/home.samples.jsonl", "c/home.samples.jsonl", train]) {
    await workspace.client.sendNotification("textDocument/didOpen", {
      textDocument: { uri: workspace.uri(name), languageId: "jsonl", version: 1, text: TRAIN },
    });
    const position = workspace.position(train, '"name":"set_heating"', 12);
    const places = await workspace.request<Location[]>("definition", name, { position });
    const own = name.replace(/[^/]*$/, "home.tools.json");
    assert.deepEqual(
      places.map(({ uri }) => uri),
      [workspace.uri(own)],
      name,
    );
  }
});

test("tools of one workspace folder are none in another, and a folder that comes brings its own", async () => {
  const files = { "a/home.tools.json": TOOLS, "a/x.samples.jsonl": TRAIN, "b/x.samples.jsonl": TRAIN };
  await using workspace = await Workspace.start(files, ["a"]);
  await workspace.open("a/home.tools.json", TOOLS);
  await workspace.open("a/x.samples.jsonl", TRAIN);
  await workspace.client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: workspace.uri("b/x.samples.jsonl"), languageId: "jsonl", version: 1, text: TRAIN },
  });
  const position = workspace.position(train, '"name":"set_heating"', 12);
  const found = (): Promise<Location[]> =>
    workspace.request<Location[]>("definition", "b/x.samples.jsonl", { position });
  assert.deepEqual(await found(), []);
  const added = [{ uri: workspace.uri("."), name: "all" }];
  const removed = [{ uri: workspace.uri("a"), name: "a" }];
  await workspace.client.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added, removed } });
  assert.equal((await found())[0]?.uri, workspace.uri("a/home.tools.json"));
});
