/** What the language server finds in files of the quickstart, each kind of finding once. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, teardown, test } from "mocha";
import * as vscode from "vscode";
import {
  closeAll,
  codes,
  finding,
  gone,
  open,
  PATIENCE_MS,
  quickstart,
  rewrite,
  withSetting,
} from "../support/languageDesk.ts";
import { until } from "../support/until.ts";

const textOf = (name: string): string => readFileSync(quickstart(name).fsPath, "utf8");
const demos = "quickstart.demos.jsonl";
const train = "train.samples.jsonl";

suite("findings in the quickstart", () => {
  teardown(closeAll);

  test("its files are clean, and a mistake in each kind of them is found", async () => {
    const mistakes: [name: string, from: string, to: string, rule: string][] = [
      ["experiment.json", '"preset": "grpo"', '"preset": "grop"', "record-shape"],
      ["experiment.json", '"train.samples.jsonl"', '"nowhere.samples.jsonl"', "experiment-path"],
      ["tools/food.tools.json", '"people":{"type":"integer"}', '"people":{"type":"int"}', "schema-type-name"],
      [demos, '"set_priority"', '"set_importance"', "unknown-tool"],
      [train, '"id":"train-002"', '"id":"train-001"', "duplicate-id"],
    ];
    for (const [name, from, to, rule] of mistakes) {
      const text = textOf(name);
      assert.ok(text.includes(from), `${from} in ${name}`);
      const document = await open(quickstart(name));
      await rewrite(document, text.replace(from, to));
      await finding(document, rule);
      await rewrite(document, text);
      await until(`no finding in ${name}`, PATIENCE_MS, () => codes(document.uri).length === 0);
    }
  });

  test("inside JSON that a string holds, the range is exact", async () => {
    const parameters = { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } };
    const call = { name: "get_weather", arguments: '{"city": "K\\u00f6ln \\"am Rhein\\"", "days": "three"}' };
    const row = {
      messages: [
        { role: "user", content: "Weather?" },
        { role: "assistant", content: null, tool_calls: [{ id: "call_1", type: "function", function: call }] },
      ],
      tools: [{ type: "function", function: { name: "get_weather", description: "Weather", parameters } }],
    };
    const document = await open(quickstart(train));
    await rewrite(document, `${JSON.stringify(row)}\n`);
    const { range, relatedInformation } = await finding(document, "argument-type");
    assert.equal(document.getText(range), '\\"three\\"');
    const [related] = relatedInformation ?? [];
    assert.equal(related && document.getText(related.location.range), '"get_weather"');
  });

  test("files of an experiment are held against one another", async () => {
    const [row = ""] = textOf(train).split("\n");
    const heldOut = await open(quickstart("heldout.samples.jsonl"));
    await rewrite(heldOut, `${row.replace("train-001", "heldout-x")}\n`);
    const overlap = await finding(heldOut, "held-out-overlap");
    assert.equal(overlap.relatedInformation?.[0]?.location.uri.fsPath, quickstart(train).fsPath);

    const { query, answer }: { query: string; answer: unknown } = JSON.parse(row);
    const demonstrations = await open(quickstart(demos));
    await rewrite(demonstrations, `${textOf(demos)}${JSON.stringify({ id: "demo-x", query, answer })}\n`);
    const leak = await finding(demonstrations, "leak");
    assert.equal(leak.range.start.line, textOf(demos).trimEnd().split("\n").length);

    const tools = await open(quickstart("tools/food.tools.json"));
    await rewrite(tools, textOf("tools/food.tools.json").replace('"track_order"', '"follow_order"'));
    const never = await finding(tools, "tool-never-demonstrated");
    assert.match(never.message, /follow_order/);
  });

  test("a provider's rules are asked where its profile is chosen", async () => {
    const document = await open(quickstart("tools/food.tools.json"));
    await withSetting("profiles", ["openai-strict"], async () => {
      await finding(document, "strict-closed");
    });
    await gone(document, "strict-closed");
  });

  test("findings are capped, and their true number is told", async () => {
    const document = await open(quickstart(train));
    await withSetting("maxFindings", 3, async () => {
      await rewrite(document, '{"id":"a","query":"Hello","tools":["x","x"],"answer":[]}\n'.repeat(100));
      const says = () => vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
      await until("the count", PATIENCE_MS, () => says().some((message) => /^298 findings .* first 3 /.test(message)));
      assert.equal(says().length, 4);
    });
  });

  test("a record that is too long or too deep gets one finding, and the others theirs", async () => {
    const document = await open(quickstart(train));
    const rows = [`{"a":${"[".repeat(5000)}`, `{"id":"${"x".repeat(5_000_000)}"}`, '{"id":"a",}'];
    await rewrite(document, `${rows.join("\n")}\n`);
    await finding(document, "json-syntax");
    await until("all", PATIENCE_MS, () => codes(document.uri).length === 3);
    assert.deepEqual(codes(document.uri), ["record-too-deep", "record-too-long", "json-syntax"]);
  });

  test("a dialect that a person sets counts until it is detected again", async () => {
    const document = await open(quickstart(demos));
    await rewrite(document, textOf(demos).replace('"set_priority"', '"set_importance"'));
    await finding(document, "unknown-tool");
    const setting = () => vscode.workspace.getConfiguration("toolexpander").get<unknown>("dialects");
    await vscode.commands.executeCommand("toolexpander.setDialect", document.uri, "sharegpt");
    assert.deepEqual(setting(), { [demos]: "sharegpt" });
    await gone(document, "unknown-tool");
    await vscode.commands.executeCommand("toolexpander.setDialect", document.uri, "detect");
    assert.deepEqual(setting(), {});
    await finding(document, "unknown-tool");
  });
});
