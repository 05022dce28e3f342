import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { CodeLens, CompletionList, Hover, SignatureHelp } from "vscode-languageserver";
import { HARD_COUNTS } from "../messages.ts";
import { TRAIN, Workspace } from "./testing/workspace.ts";

const train = "train.samples.jsonl";

/** What accepting a completion makes of the document, by label. */
async function completions(workspace: Workspace, name: string, at: string, within: number) {
  const position = workspace.position(name, at, within);
  const { items } = await workspace.request<CompletionList>("completion", name, { position });
  return new Map(
    items.map(({ label, textEdit }) => [
      label,
      textEdit !== undefined && "range" in textEdit ? workspace.applied(name, [textEdit]) : "",
    ]),
  );
}

test("keys, tools' names, arguments and enum values are completed from the tools in scope", async () => {
  await using workspace = await Workspace.start();
  const text = TRAIN.replace(',"degrees":20}', ',"degrees":20,"mode":""}');
  await workspace.open(train, text);
  const values = await completions(workspace, train, '"mode":""', 8);
  assert.equal(values.get('"eco"'), text.replace('"mode":""', '"mode":"eco"'));
  const names = await completions(workspace, train, '"name":"set_heating"', 9);
  assert.deepEqual([...names.keys()].filter((label) => label.startsWith('"')).sort(), [
    '"play_music"',
    '"set_heating"',
  ]);
  const half = TRAIN.replace(',"degrees":20}', ',""}');
  await workspace.open(train, half);
  const keys = await completions(workspace, train, ',""}', 2);
  assert.deepEqual([...keys.keys()].sort(), ["degrees", "mode"]);
  const record = TRAIN.replace('"category":"single"', '""');
  await workspace.open(train, record);
  assert.ok((await completions(workspace, train, ',""}', 2)).has("style"));
});

test("arguments inside a string are completed with escapes", async () => {
  await using workspace = await Workspace.start();
  const name = "chat.samples.jsonl";
  const chat = (args: string): string =>
    `${JSON.stringify({
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", tool_calls: [{ type: "function", function: { name: "f", arguments: args } }] },
      ],
      tools: [
        {
          type: "function",
          function: {
            name: "f",
            parameters: { type: "object", properties: { unit: { type: "string", enum: ["C", "F"] } } },
          },
        },
      ],
    })}\n`;
  await workspace.open(name, chat('{"unit":""}'));
  const values = await completions(workspace, name, 'unit\\":\\"\\"', 10);
  assert.equal(values.get('"F"'), chat('{"unit":"F"}'));
  await workspace.open(name, chat('{""'));
  const keys = await completions(workspace, name, '"{\\"\\""', 4);
  assert.match(keys.get("unit") ?? "", /"arguments":"\{\\"unit\\":/);
});

test("the signature follows the argument at the cursor", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  const position = workspace.position(train, '"degrees":20', 10);
  const help = await workspace.request<SignatureHelp>("signatureHelp", train, { position });
  assert.equal(help.signatures[0]?.label, 'set_heating(room: string, degrees: integer, mode?: "eco" | "comfort")');
  assert.equal(help.activeParameter, 1);
  const outside = workspace.position(train, '"query"', 2);
  assert.equal(await workspace.request("signatureHelp", train, { position: outside }), null);
});

const textOf = ({ contents }: Hover): string =>
  typeof contents === "object" && "value" in contents ? contents.value : String(contents);

test("hover tells the tool's schema, how often it is demonstrated and how often it was hard", async () => {
  await using workspace = await Workspace.start();
  await workspace.open(train);
  await workspace.client.sendNotification(HARD_COUNTS, { run: "run-1", tools: { set_heating: 3 }, samples: {} });
  await workspace.client.sendNotification(HARD_COUNTS, { run: 1 });
  const position = workspace.position(train, '"name":"set_heating"', 12);
  const deadline = AbortSignal.timeout(10_000);
  for (;;) {
    const found = textOf(await workspace.request<Hover>("hover", train, { position }));
    assert.match(found, /Heats a \\\*room\\\*/);
    assert.match(found, /Hard 3 times in the run `run-1`/);
    if (/Called by 1 demonstration and 1 sample\./.test(found)) break;
    deadline.throwIfAborted();
    await new Promise((next) => setImmediate(next));
  }
  const argument = workspace.position(train, '"degrees"', 2);
  assert.match(
    textOf(await workspace.request<Hover>("hover", train, { position: argument })),
    /`degrees` of `set_heating`, required/,
  );
  const key = workspace.position(train, '"category"', 2);
  assert.match(textOf(await workspace.request<Hover>("hover", train, { position: key })), /Kind of sample/);
});

test("a demonstration tells its reward, and its length against the budget that its experiment's preset sets", async () => {
  const quickstart = join(import.meta.dirname, "../../../examples/quickstart");
  await using workspace = await Workspace.start();
  cpSync(quickstart, workspace.folder, { recursive: true });
  const name = "quickstart.demos.jsonl";
  const text = readFileSync(join(quickstart, name), "utf8");
  await workspace.open(name, text);
  const lenses = await workspace.request<CodeLens[]>("codeLens", name);
  assert.equal(lenses.length, text.trimEnd().split("\n").length);
  for (const { command } of lenses) assert.match(command?.title ?? "", /^reward 1 · \d+ of 128 tokens$/);
});
