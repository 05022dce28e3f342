import assert from "node:assert/strict";
import test from "node:test";
import type { Completion } from "../../../schemas/replacementView.ts";
import { COMPLETE_DRAFT } from "../messages.ts";
import { Workspace } from "./testing/workspace.ts";

const name = "replacements/t1.replacement.json";
const edit = `${JSON.stringify(
  {
    sample: "t1",
    row: "0".repeat(64),
    action: "fewshot",
    scope: "always",
    demonstrations: [
      { query: "one", calls: [] },
      { query: "two", calls: [{ name: "set_heating", arguments: { room: "hall" } }] },
    ],
  },
  null,
  2,
)}\n`;
const path = ["demonstrations", 1, "calls", 0, "arguments"];

/** What accepting each completion makes of a draft in which | is the cursor. */
async function accepted(workspace: Workspace, draft: string, at: (string | number)[] = path) {
  const offset = draft.indexOf("|");
  const text = draft.replace("|", "");
  const items = await workspace.client.sendRequest<Completion[]>(COMPLETE_DRAFT, {
    uri: workspace.uri(name),
    path: at,
    text,
    offset,
  });
  return new Map(items.map(({ label, from, to, insert }) => [label, text.slice(0, from) + insert + text.slice(to)]));
}

test("what is typed as a call's arguments is completed with what its tool takes", async () => {
  await using workspace = await Workspace.start({ [name]: edit });
  await workspace.open(name);
  const members = await accepted(workspace, '{"room": "hall", "|"}');
  assert.deepEqual([...members.keys()].sort(), ["degrees", "mode"]);
  assert.match(members.get("mode") ?? "", /^\{"room": "hall", "mode": /);
  // While it is no JSON, and lies over lines as a view lays it out.
  const half = await accepted(workspace, '{\n  "room": "hall",\n  |\n}');
  assert.deepEqual([...half.keys()].sort(), ["degrees", "mode"]);
  const values = await accepted(workspace, '{"mode": |}');
  assert.deepEqual(values.get('"eco"'), '{"mode": "eco"}');
});

test("the document stays what it was, and a place that it has not is completed with nothing", async () => {
  await using workspace = await Workspace.start({ [name]: edit });
  await workspace.open(name);
  const before = await workspace.request<unknown[]>("documentSymbol", name);
  assert.ok(before.length > 0);
  await accepted(workspace, '{"room": 1, "|"}');
  assert.deepEqual(await workspace.request("documentSymbol", name), before);
  assert.equal((await accepted(workspace, "{|}", ["gold", 0])).size, 0);
});
