/** What the tests of the replacement editor's view share: a workspace with a run, an edit of its hard sample, and the view of it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before } from "node:test";
import type { Page } from "playwright-core";
import { HARD, madeRun, quickstartCopy, type Workspace } from "../../extension/replacements/testing/quickstartRun.ts";
import { ReplacementService } from "../../extension/replacements/worker/replacementService.ts";
import { type OpenedPage, viewTests } from "./browserTests.ts";
import { bundleEditor, type ReplacementHarness, startEditor } from "./replacementHarness.ts";
import type { Theme } from "./themes.ts";

/** A tool with a parameter of each kind. */
const booking = {
  type: "function",
  function: {
    name: "book_room",
    description: "Book a room",
    parameters: {
      type: "object",
      properties: {
        guest: {
          type: "object",
          properties: { name: { type: "string" }, age: { type: "integer" } },
          required: ["name"],
        },
        nights: { type: "integer" },
        tags: { type: "array", items: { type: "string" } },
        note: { type: ["string", "null"], description: "For the desk." },
        size: { type: "string", enum: ["single", "double"] },
        extras: { type: "object", additionalProperties: { type: "integer" } },
        quiet: { type: "boolean" },
      },
      required: ["guest", "nights"],
    },
  },
};

const tests = viewTests(bundleEditor);
let workspace: Workspace;
/** What the algorithm chose for the hard sample, as an edit. */
export const draft = { file: "", text: "" };
before(() => {
  workspace = quickstartCopy();
  const catalog = path.join(workspace.folder, "tools", "home.tools.json");
  writeFileSync(catalog, JSON.stringify([...JSON.parse(readFileSync(catalog, "utf8")), booking]));
  const { file, text } = new ReplacementService().draft(madeRun(workspace.folder), HARD);
  Object.assign(draft, { file, text });
});
after(() => workspace?.[Symbol.dispose]());

export interface Opened extends OpenedPage {
  editor: ReplacementHarness;
}

/** The editor of a text. */
export async function open(
  text: string,
  { theme = "dark" as Theme, width = 1300, height = 900 } = {},
): Promise<Opened> {
  const editor = await startEditor(draft.file, text, tests.bundles);
  const viewport = { width, height };
  return { editor, ...(await tests.open(editor.address(theme), editor, { viewport })) };
}

export interface Written {
  action: string;
  scope: string;
  row: string;
  demonstrations?: { query: string; calls: { name: string; arguments: Record<string, unknown> }[] }[];
  gold?: unknown;
}
export const written = ({ editor }: Opened): Written => JSON.parse(editor.text());

/** Polls the document: what is typed reaches it after a pause. */
export const until = (view: Opened, fits: (edit: Written) => boolean): Promise<void> =>
  untilTrue(view, () => fits(written(view)));

export async function untilTrue({ page, editor }: Opened, look: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!look()) {
    assert.ok(performance.now() < end, editor.text());
    await page.waitForTimeout(20);
  }
}

export const card = (page: Page, number: number) =>
  page.getByRole("listitem", { name: `Demonstration ${number}`, exact: true });
