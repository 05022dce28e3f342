import assert from "node:assert/strict";
import test from "node:test";
import type { CodeAction } from "vscode-languageserver";
import { TRAIN, Workspace } from "./testing/workspace.ts";

const train = "train.samples.jsonl";

/** What each quick fix at a text makes of the file's first line, by its title. */
async function fixes(workspace: Workspace, name: string, at: string, only?: string): Promise<Record<string, string>> {
  const range = { start: workspace.position(name, at), end: workspace.position(name, at) };
  const context = { diagnostics: [], ...(only === undefined ? {} : { only: [only] }) };
  const actions = await workspace.request<CodeAction[]>("codeAction", name, { range, context });
  return Object.fromEntries(
    actions.map(({ title, edit }) => [title, workspace.applied(name, edit?.changes?.[workspace.uri(name)] ?? [])]),
  );
}

const withCall = (args: string): string => TRAIN.replace('{"room":"hall","degrees":20}', args);

test("arguments get their types, enum values their case, and missing ones a placeholder", async () => {
  await using workspace = await Workspace.start();
  const text = withCall('{"room":"hall","degrees":"20","mode":"ECO","extra":1}');
  await workspace.open(train, text);
  assert.equal((await fixes(workspace, train, '"20"'))["Write 20"], text.replace('"20"', "20"));
  assert.equal((await fixes(workspace, train, '"ECO"'))['Write "eco"'], text.replace('"ECO"', '"eco"'));
  assert.equal((await fixes(workspace, train, '"extra"'))['Remove "extra"'], text.replace(',"extra":1', ""));
});

test("a missing argument is added, an unknown one renamed, an unknown tool corrected", async () => {
  await using workspace = await Workspace.start();
  const text = withCall('{"rom":"hall"}');
  await workspace.open(train, text);
  const missing = await fixes(workspace, train, '{"rom"');
  assert.match(missing['Add "degrees": 0'] ?? "", /"degrees": ?0\}/);
  assert.equal((await fixes(workspace, train, '"rom"'))['Rename to "room"'], text.replace('"rom"', '"room"'));
  // What is wrong with the arguments can only be said once the tool is known.
  const wrong = text.replace('"name":"set_heating"', '"name":"set_heatng"');
  await workspace.open(train, wrong);
  assert.equal(
    (await fixes(workspace, train, '"set_heatng"'))['Write "set_heating"'],
    wrong.replace("set_heatng", "set_heating"),
  );
});

test("arguments change between object and string, and calls lose the wrapping of another format", async () => {
  await using workspace = await Workspace.start();
  const text = withCall(JSON.stringify('{"room": "h\\u00e4ll", "degrees": 20}'));
  await workspace.open(train, text);
  const whole = await fixes(workspace, train, '{"name":"set_heating"');
  assert.equal(whole["Write the arguments as an object"], withCall('{"room":"h\\u00e4ll","degrees":20}'));
  const wrapped = TRAIN.replace(
    '{"name":"set_heating","arguments":{"room":"hall","degrees":20}}',
    '{"type":"function","function":{"name":"set_heating","arguments":"{\\"room\\":\\"hall\\",\\"degrees\\":20}"}}',
  );
  await workspace.open(train, wrapped);
  assert.equal((await fixes(workspace, train, '{"type":"function"'))["Take the call out of its `function`"], TRAIN);
});

test("type names become JSON Schema's, and `required` moves inside", async () => {
  await using workspace = await Workspace.start();
  const name = "other.tools.json";
  const text = `[
  {"type":"function","function":{"name":"a","parameters":{"type":"dict","properties":{"x":{"type":"float"},"y":{"type":"str, optional"}}},"required":["x"]}}
]
`;
  await workspace.open(name, text);
  assert.equal((await fixes(workspace, name, '"float"'))['Write "number"'], text.replace("float", "number"));
  assert.equal((await fixes(workspace, name, '"str, opt'))['Write "string"'], text.replace("str, optional", "string"));
  const moved = await fixes(workspace, name, '"required"');
  const [tool] = JSON.parse(moved["Move `required` into the parameters"] ?? "[]");
  assert.deepEqual(tool.function.parameters.required, ["x"]);
  assert.equal(tool.function.required, undefined);
  const all = await fixes(workspace, name, '"float"', "source.fixAll.toolexpander.schema-type-name");
  const expected = text.replace("dict", "object").replace("float", "number").replace("str, optional", "string");
  assert.deepEqual(Object.values(all), [expected]);
  assert.deepEqual(await fixes(workspace, name, '"float"', "source.fixAll.toolexpander.argument-type"), {});
});
