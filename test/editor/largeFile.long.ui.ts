/** A file that is too large for extensions, as a person meets it: an offer, the check from disk, and the page of a finding. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { editorTests } from "./support/fixture.ts";
import { TextEditor } from "./support/textEditor.ts";
import { quickstartIn } from "./support/workspaces.ts";

// In a browser the editor asks before it opens what takes a while to come over the network.
const uiTest = editorTests({ settings: { "workbench.editorLargeFileConfirmation": 1024 } });

uiTest(
  "a file above 50 MB is offered to be checked from disk, and a finding opens its page",
  async ({ open, folder }) => {
    const workspace = quickstartIn(folder);
    const row = (id: number): string =>
      `${JSON.stringify({ id: `r${id}`, query: `Hello ${id} ${"x".repeat(2000)}`, tools: ["set_heating"], answer: [] })}\n`;
    const rows = Array.from({ length: 27_000 }, (_, id) => row(id));
    writeFileSync(path.join(workspace, "big.samples.jsonl"), `${rows.join("")}{"id":"last",}\n`);
    const window = await open(workspace);
    const editor = new TextEditor(window);

    await editor.open("big.samples.jsonl");
    const offer = window.notification(/big\.samples\.jsonl is too large for the editor/).first();
    await offer.getByRole("button", { name: "Check from Disk" }).click();
    const result = window.notification(/big\.samples\.jsonl: 1 error in 27001 records\./).first();
    await result.getByRole("button", { name: "Show Problems" }).click();
    const problem = editor.problem(/Line 27001: /);
    await problem.dblclick();
    await window.tab(/^big\.samples lines? .*27001\.jsonl/).waitFor();
    await editor.squiggles("error").first().waitFor();
  },
);
