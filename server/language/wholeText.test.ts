/** Files that are one rendered chat, with no JSON around it: what is found and mended in them, and where. */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import type { CodeAction, CompletionList, DocumentSymbol, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { folderWith } from "../toolcalls/testing/files.ts";
import { RuleSet } from "./analysis/ruleSet.ts";
import { Workspace } from "./features/testing/workspace.ts";
import { isWholeText } from "./records/wholeText.ts";
import { validateFiles } from "./workspace/validateFiles.ts";

const tool = {
  type: "function",
  function: {
    name: "get_weather",
    description: 'Says "wet" or dry',
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "kelvin"] } },
      required: ["city"],
    },
  },
};
const chat = (call: string): string => `<|im_start|>system
You may call tools. <tools> ${JSON.stringify(tool)} </tools><|im_end|>
<|im_start|>user
Weather in "Oslo" \\ Bergen?<|im_end|>
<|im_start|>assistant
<tool_call>
${call}
</tool_call><|im_end|>
`;
const good = chat('{"name": "get_weather", "arguments": {"city": "Oslo \\"W\\"", "unit": "kelvin"}}');
const bad = chat('{"name": "get_weather", "arguments": {"city": "Oslo", "unit": "Kelvin", "days": 2}}');

test("only a chat that no JSON surrounds is a whole text", () => {
  for (const text of [good, "Be brief. <tools></tools>", "\n <tool_call>{}"]) assert.ok(isWholeText(text), text);
  for (const text of ["", "  ", '"<tools>"', `{"text":"<tools>"}`, `[1, "<tool_call>"]`, "Hello", "{'a': '<tools>'}"])
    assert.ok(!isWholeText(text), text);
});

test("faults of a whole text have their lines and columns", async (t) => {
  const folder = folderWith(t, { "good.txt": good, "bad.txt": bad, "cut.txt": chat('{"name": "get_weather", "argum') });
  const found: string[] = [];
  const files = ["good.txt", "bad.txt", "cut.txt"].map((name) => join(folder, name));
  for await (const batch of validateFiles(files, { rules: RuleSet.standard }))
    for (const { file, finding, range } of batch) {
      const line = (file.endsWith("bad.txt") ? bad : "").split("\n")[range.start.line] ?? "";
      const at = line.slice(range.start.character, range.end.character);
      found.push(`${file.slice(folder.length + 1)}:${range.start.line + 1} ${finding.rule} ${at}`.trim());
    }
  assert.deepEqual(found.sort(), [
    'bad.txt:7 argument-enum "Kelvin"',
    'bad.txt:7 argument-unknown "days"',
    "cut.txt:7 arguments-not-json",
  ]);
});

test("a whole text is completed, mended and renamed as it stands, and never formatted", async () => {
  const name = "chat.txt";
  await using workspace = await Workspace.start({ [name]: bad });
  await workspace.open(name, bad);
  const symbols = await workspace.request<DocumentSymbol[]>("documentSymbol", name);
  assert.ok(JSON.stringify(symbols).includes("get_weather"));
  assert.deepEqual(
    await workspace.request<TextEdit[]>("formatting", name, { options: { tabSize: 2, insertSpaces: true } }),
    [],
  );
  const { items } = await workspace.request<CompletionList>("completion", name, {
    position: workspace.position(name, '"Kelvin"', 1),
  });
  assert.deepEqual(items.map(({ label }) => label).sort(), ['"celsius"', '"kelvin"']);
  const actions = await workspace.request<CodeAction[]>("codeAction", name, {
    range: workspace.range(name, '"Kelvin"'),
    context: { diagnostics: [] },
  });
  const [fix] = actions.filter(({ title }) => title === 'Write "kelvin"');
  assert.equal(
    workspace.applied(name, fix?.edit?.changes?.[workspace.uri(name)] ?? []),
    bad.replace("Kelvin", "kelvin"),
  );
  const renamed = await workspace.request<WorkspaceEdit>("rename", name, {
    position: workspace.position(name, '"get_weather", "arguments"', 3),
    newName: "forecast",
  });
  const after = workspace.applied(name, renamed.changes?.[workspace.uri(name)] ?? []);
  assert.equal(after, bad.replaceAll("get_weather", "forecast"));
});
