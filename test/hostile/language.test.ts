/** Whatever tools and rows say, the language server hands on text: in hovers, signatures, completions, symbols, lenses and findings. */
import assert from "node:assert/strict";
import test from "node:test";
import type { CodeLens, CompletionList, DocumentSymbol, Hover, SignatureHelp } from "vscode-languageserver";
import { inertSchema } from "../../server/language/features/inertSchema.ts";
import { Workspace } from "../../server/language/features/testing/workspace.ts";
import { found } from "../../server/language/testing/found.ts";
import { HOSTILE, ICON, OBEYED, OBEYED_IN_LINES, TEXTS } from "./texts.ts";

/** Of the JSON language service, which takes them for its own and shows them as they are. */
const SERVICE_KEYWORDS = {
  markdownDescription: HOSTILE,
  markdownEnumDescriptions: [HOSTILE],
  enumDescriptions: [HOSTILE],
  deprecationMessage: HOSTILE,
  errorMessage: HOSTILE,
  defaultSnippets: [{ label: HOSTILE, description: HOSTILE, body: { room: "$CLIPBOARD" } }],
  suggestSortText: HOSTILE,
};
const PARAMETERS = {
  type: "object",
  description: HOSTILE,
  ...SERVICE_KEYWORDS,
  properties: {
    room: { type: "string", title: HOSTILE, description: HOSTILE, ...SERVICE_KEYWORDS },
    mode: { type: "string", enum: ["eco", HOSTILE], default: HOSTILE, description: HOSTILE, ...SERVICE_KEYWORDS },
    [HOSTILE]: { type: "string", description: HOSTILE },
  },
  required: ["room"],
};
const tool = (name: string) => ({ type: "function", function: { name, description: HOSTILE, parameters: PARAMETERS } });
const TOOLS = JSON.stringify([tool("set_heating"), tool("play_music"), tool(HOSTILE)]);
const NAME = "train.samples.jsonl";
const ROW = {
  id: HOSTILE,
  query: HOSTILE,
  tools: ["set_heating", "play_music"],
  answer: [{ name: "set_heating", arguments: { room: HOSTILE, mode: "eco" } }],
  category: HOSTILE,
};
/** The second row tells the form of the file while the first is being typed. */
const TRAIN = `${JSON.stringify(ROW)}\n${JSON.stringify({ ...ROW, id: "b" })}\n`;

const opened = async (text = TRAIN): Promise<Workspace> => {
  const workspace = await Workspace.start({ "home.tools.json": TOOLS, [NAME]: TRAIN });
  await workspace.open(NAME, text);
  return workspace;
};

/** What an editor would make of Markdown outside of code: escapes taken away, nothing of it may be markup. */
function assertPlainMarkdown(markdown: string): void {
  assert.doesNotMatch(markdown, OBEYED_IN_LINES, JSON.stringify(markdown));
  const prose = markdown
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "")
    .replaceAll(/\\[\\`*_{}[\]()#+\-.!|<>&~]/g, "");
  assert.doesNotMatch(prose, /[[\]<>`*_]|!\[|^#/m, JSON.stringify(prose));
}

/** A string is Markdown too. */
const markdownOf = ({ contents }: Hover): string =>
  [contents]
    .flat()
    .map((one) => (typeof one === "string" ? one : one.value))
    .join("\n\n");

test("hovers, of a tool, an argument and a value", async () => {
  await using workspace = await opened();
  let hovers = 0;
  for (const at of ['"set_heating","play', '"name":"set_heating"', '"room"', '"mode"', '"eco"']) {
    const position = workspace.position(NAME, at, at.startsWith('"name"') ? 9 : 2);
    const hover = await workspace.request<Hover | null>("hover", NAME, { position });
    if (hover === null) continue;
    hovers++;
    assertPlainMarkdown(markdownOf(hover));
  }
  assert.ok(hovers >= 3, `${hovers} hovers`);
});

test("signatures", async () => {
  await using workspace = await opened();
  const position = workspace.position(NAME, '"mode"', 2);
  const help = await workspace.request<SignatureHelp | null>("signatureHelp", NAME, { position });
  const [signature] = help?.signatures ?? [];
  assert.ok(signature);
  assert.doesNotMatch(signature.label, OBEYED);
  const { documentation } = signature;
  assert.ok(typeof documentation === "object" && documentation !== null);
  assertPlainMarkdown(documentation.value);
});

test("completions, with nothing in them that an editor would run or fill in", async () => {
  const text = TRAIN.replace('"mode":"eco"', '"mode":"eco",""');
  await using workspace = await opened(text);
  const position = workspace.position(NAME, '"mode":"eco",""', 14);
  const { items } = await workspace.request<CompletionList>("completion", NAME, { position });
  assert.ok(items.length > 0);
  for (const { label, detail = "", documentation = "", command, textEdit } of items) {
    assert.equal(command, undefined);
    for (const shown of [label, detail]) assert.doesNotMatch(shown, OBEYED, JSON.stringify(shown));
    if (typeof documentation !== "string") assertPlainMarkdown(documentation.value);
    // A variable of snippets would copy the clipboard into the file.
    assert.doesNotMatch(textEdit?.newText ?? "", /(?<!\\)\$(CLIPBOARD|TM_)/);
  }
});

test("symbols, lenses and findings", async () => {
  await using workspace = await opened();
  const symbols = await workspace.request<DocumentSymbol[]>("documentSymbol", NAME);
  const names = (all: DocumentSymbol[]): string[] =>
    all.flatMap(({ name, detail = "", children = [] }) => [name, detail, ...names(children)]);
  assert.ok(symbols.length > 0);
  for (const name of names(symbols)) assert.doesNotMatch(name, OBEYED, JSON.stringify(name));

  const demonstration = { id: "d", query: HOSTILE, answer: [{ name: HOSTILE, arguments: { [HOSTILE]: HOSTILE } }] };
  await workspace.open("quick.demos.jsonl", `${JSON.stringify(demonstration)}\n`);
  const lenses = await workspace.request<CodeLens[]>("codeLens", "quick.demos.jsonl");
  assert.ok(lenses.length > 0);
  for (const { command } of lenses) {
    assert.doesNotMatch(command?.title ?? "", ICON);
    assert.doesNotMatch(command?.title ?? "", OBEYED);
  }

  const findings = found([tool(HOSTILE), tool(HOSTILE), { ...ROW, tools: [HOSTILE, HOSTILE] }, { [HOSTILE]: HOSTILE }]);
  assert.ok(findings.length >= 3);
  for (const { message } of findings) assert.doesNotMatch(message, OBEYED, JSON.stringify(message));
});

test("of a schema only what says what values may be is kept, wherever it stands, and properties may be called anything", () => {
  const schema = {
    ...SERVICE_KEYWORDS,
    properties: { a: { ...SERVICE_KEYWORDS, type: "string" }, markdownDescription: { type: "string" }, b: true },
    items: [{ ...SERVICE_KEYWORDS }, false],
    allOf: [{ if: { ...SERVICE_KEYWORDS, minimum: 1 } }, 7],
    additionalProperties: { ...SERVICE_KEYWORDS, enum: [HOSTILE] },
    $defs: { __proto__: null, x: { $ref: "#/$defs/x", ...SERVICE_KEYWORDS } },
    description: TEXTS["terminal codes"],
  };
  const kept = inertSchema(schema);
  assert.deepEqual(
    { ...kept, description: undefined },
    {
      properties: { a: { type: "string" }, markdownDescription: { type: "string" }, b: true },
      items: [{}, false],
      allOf: [{ if: { minimum: 1 } }],
      additionalProperties: { enum: [HOSTILE] },
      $defs: { x: { $ref: "#/$defs/x" } },
      description: undefined,
    },
  );
  assert.doesNotMatch(String(kept.description), OBEYED);
  assert.deepEqual(inertSchema("string"), {});
});
