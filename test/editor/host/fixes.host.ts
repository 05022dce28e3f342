/** The quick fixes, each once, on files of the quickstart. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, teardown, test } from "mocha";
import * as vscode from "vscode";
import { ask, closeAll, finding, open, place, quickstart, rewrite } from "../support/languageDesk.ts";

const demos = "quickstart.demos.jsonl";
const demo = (call: string): string => `{"id":"demo-x","query":"Ticket 7 is urgent.","answer":[${call}]}\n`;
const priority = (args: string): string => demo(`{"name":"set_priority","arguments":${args}}`);
const recipe = (args: string): string => demo(`{"name":"find_recipe","arguments":${args}}`);
const catalog = (parameters: string, more = ""): string =>
  `[\n  {"type":"function","function":{"name":"count_sheep","description":"Counts","parameters":${parameters}${more}}}\n]\n`;

suite("quick fixes", () => {
  teardown(closeAll);

  /** Applies an action of this title at a place. */
  async function apply(document: vscode.TextDocument, range: vscode.Range, title: string, kind: vscode.CodeActionKind) {
    const actions = await ask<vscode.CodeAction[]>(
      title,
      (found) => found.some((one) => one.title === title && one.edit !== undefined),
      "vscode.executeCodeActionProvider",
      document.uri,
      range,
      kind.value,
    );
    const edit = actions.find((one) => one.title === title)?.edit;
    assert.ok(edit);
    assert.equal(await vscode.workspace.applyEdit(edit), true);
  }

  const quick: [what: string, file: string, rule: string, wrong: string, title: string, right: string][] = [
    [
      "a number that is a string",
      demos,
      "argument-type",
      priority('{"ticket":"7","priority":"P1"}'),
      "Write 7",
      priority('{"ticket":7,"priority":"P1"}'),
    ],
    [
      "an enum value in the wrong case",
      demos,
      "argument-enum",
      recipe('{"dish":"soup","diet":"Vegan"}'),
      'Write "vegan"',
      recipe('{"dish":"soup","diet":"vegan"}'),
    ],
    [
      "a missing argument",
      demos,
      "argument-missing",
      priority('{"ticket":7}'),
      'Add "priority": ""',
      priority('{"ticket":7,"priority": ""}'),
    ],
    [
      "an unknown argument",
      demos,
      "argument-unknown",
      priority('{"ticket":7,"priority":"P1","colour":"red"}'),
      'Remove "colour"',
      priority('{"ticket":7,"priority":"P1"}'),
    ],
    [
      "an unknown tool",
      demos,
      "unknown-tool",
      demo('{"name":"set_priorty","arguments":{"ticket":7,"priority":"P1"}}'),
      'Write "set_priority"',
      priority('{"ticket":7,"priority":"P1"}'),
    ],
    [
      "arguments as a string",
      demos,
      "arguments-form",
      priority('"{\\"ticket\\":7,\\"priority\\":\\"P1\\"}"'),
      "Write the arguments as an object",
      priority('{"ticket":7,"priority":"P1"}'),
    ],
    [
      "another name of a type",
      "tools/food.tools.json",
      "schema-type-name",
      catalog('{"type":"object","properties":{"herd":{"type":"float"}}}'),
      'Write "number"',
      catalog('{"type":"object","properties":{"herd":{"type":"number"}}}'),
    ],
  ];
  for (const [what, file, rule, wrong, title, right] of quick) {
    test(`${what} is mended`, async () => {
      const document = await open(quickstart(file));
      await rewrite(document, wrong);
      const { range } = await finding(document, rule);
      await apply(document, range, title, vscode.CodeActionKind.QuickFix);
      assert.equal(document.getText(), right);
    });
  }

  test("`required` moves into the parameters", async () => {
    const document = await open(quickstart("tools/food.tools.json"));
    const properties = '{"type":"object","properties":{"herd":{"type":"string"}}';
    await rewrite(document, catalog(`${properties}}`, ',"required":["herd"]'));
    const { range } = await finding(document, "required-outside-parameters");
    await apply(document, range, "Move `required` into the parameters", vscode.CodeActionKind.QuickFix);
    assert.deepEqual(JSON.parse(document.getText()), JSON.parse(catalog(`${properties},"required":["herd"]}`)));
  });

  test("an object of arguments becomes a string where the dialect wants one", async () => {
    const document = await open(quickstart("train.samples.jsonl"));
    const parameters = { type: "object", properties: { herd: { type: "string" } } };
    const row = (args: unknown): string => {
      const call = { type: "function_call", call_id: "call_1", name: "count_sheep", arguments: args };
      const tools = [{ type: "function", name: "count_sheep", description: "Counts", parameters }];
      return `${JSON.stringify({ model: "m", input: [{ role: "user", content: "How many?" }, call], tools })}\n`;
    };
    await rewrite(document, row({ herd: "a" }));
    const at = new vscode.Range(place(document, '{"herd":"a"}'), place(document, '{"herd":"a"}'));
    await finding(document, "arguments-form");
    await apply(document, at, "Write the arguments as JSON in a string", vscode.CodeActionKind.QuickFix);
    assert.equal(document.getText(), row('{"herd":"a"}'));
  });

  test("a call loses the `function` around it", async () => {
    const document = await open(quickstart(demos));
    const call = '{"name":"set_priority","arguments":{"ticket":7,"priority":"P1"}}';
    await rewrite(document, demo(`{"type":"function","function":${call}}`));
    const at = new vscode.Range(place(document, '"set_priority"'), place(document, '"set_priority"'));
    const title = "Take the call out of its `function`";
    await apply(document, at, title, vscode.CodeActionKind.RefactorRewrite);
    assert.equal(document.getText(), demo(call));
  });

  test("all findings of one rule are mended at once, and no others", async () => {
    const document = await open(quickstart(demos));
    const text = readFileSync(document.uri.fsPath, "utf8");
    const wrong = text.replace('"quantity":9', '"quantity":"9"').replace('"ticket":8593', '"ticket":"8593","colour":1');
    await rewrite(document, wrong);
    const { range } = await finding(document, "argument-type");
    const kind = vscode.CodeActionKind.SourceFixAll.append("toolexpander.argument-type");
    const title = "Fix all: Argument of another type than the tool declares";
    await apply(document, range, title, kind);
    assert.equal(document.getText(), text.replace('"ticket":8593', '"ticket":8593,"colour":1'));
  });
});
