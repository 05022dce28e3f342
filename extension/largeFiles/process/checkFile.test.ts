import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InputError } from "../../../schemas/problem.ts";
import { pageText } from "../../../server/language/workspace/filePages.ts";
import type { CheckMessage, CheckSummary, Page, PageFinding } from "../messages.ts";
import { checkFile } from "./checkFile.ts";

const folder = mkdtempSync(join(tmpdir(), "toolexpander-check-"));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function check(file: string, settings: object = {}) {
  const pages: Page[] = [];
  const findings: PageFinding[] = [];
  let summary: CheckSummary | undefined;
  await checkFile({ file, settings }, (message: CheckMessage) => {
    if (message.kind === "pages") pages.push(...message.pages);
    if (message.kind === "findings") findings.push(...message.findings);
    if (message.kind === "done") summary = message.summary;
  });
  assert.ok(summary);
  return { pages, findings, summary };
}

const tool = {
  type: "function",
  function: {
    name: "set_heating",
    parameters: { type: "object", properties: { degrees: { type: "integer" } }, required: ["degrees"] },
  },
};
const sample = (id: string, degrees: unknown): string =>
  JSON.stringify({
    id,
    query: `Heat ${id}`,
    tools: ["set_heating"],
    answer: [{ name: "set_heating", arguments: { degrees } }],
  });
const experiment = { tools: ["h.tools.json"], train: "train.samples.jsonl", heldOut: "heldout.samples.jsonl" };
write("h.tools.json", `[\n${JSON.stringify(tool)}\n]\n`);
write("experiment.json", JSON.stringify(experiment));
write("heldout.samples.jsonl", `${sample("s7", 7)}\n`);

test("findings are on pages on which the text stands that they are about", async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => sample(`s${index}`, index % 2500 === 1 ? "warm" : index));
  const file = write("train.samples.jsonl", `${[...rows, sample("s2", 2)].join("\r\n")}\r\n`);
  const { pages, findings, summary } = await check(file);
  assert.deepEqual(summary.counts, { error: 3, warning: 1, information: 0, hint: 0 });
  assert.equal(summary.records, 5001);
  assert.equal(pages.length, 3);
  const found: string[] = [];
  for (const { page, range, line, rule, related } of findings) {
    const lines = (await pageText(file, pages[page] as Page)).split("\r\n");
    const text = lines[range.start.line]?.slice(range.start.character, range.end.character);
    found.push(
      `${line} ${rule} ${text} < ${related.map((one) => one.page ?? one.file.slice(folder.length + 1)).join()}`,
    );
  }
  assert.deepEqual(found, [
    '1 argument-type "warm" < h.tools.json',
    '2501 argument-type "warm" < h.tools.json',
    '5000 duplicate-id "s2" < 0',
    '5000 duplicate-sample "Heat s2" < 0',
  ]);
});

test("what other files of the experiment say counts, and their own findings do not", async () => {
  write("train.samples.jsonl", `${sample("a", 1)}\n${sample("s7", 7)}\n${sample("b", "x")}\n`);
  const { findings } = await check(join(folder, "heldout.samples.jsonl"));
  assert.deepEqual(
    findings.map(({ rule, related }) => [rule, related[0]?.range.start.line]),
    [["held-out-overlap", 1]],
  );
});

test("settings hold, and the count is true beyond what is shown", async () => {
  const file = write("many.samples.jsonl", `${sample("a", "x")}\n`.repeat(50));
  const severities = { "duplicate-id": "off", "duplicate-sample": "off", "argument-type": "warning" };
  const { findings, summary } = await check(file, { maxFindings: 7, rules: severities });
  assert.equal(findings.length, 7);
  assert.deepEqual(summary.counts, { error: 0, warning: 50, information: 0, hint: 0 });
  const chosen = await check(file, { dialects: { "many.samples.jsonl": "sharegpt" } });
  assert.equal(
    chosen.findings.some(({ rule }) => rule === "argument-type"),
    false,
  );
});

test("a file that is not there, or is none, is refused by its name", async () => {
  await assert.rejects(check(join(folder, "nothing.jsonl")), (error) => {
    assert.ok(error instanceof InputError);
    return error.message === "There is no file nothing.jsonl any more.";
  });
  await assert.rejects(check(folder), InputError);
});

test("a file that changes meanwhile is not reported on", async () => {
  const file = write("moving.samples.jsonl", `${sample("a", "x")}\n`.repeat(1000));
  await assert.rejects(
    checkFile({ file, settings: {} }, ({ kind }) => {
      if (kind === "pages") writeFileSync(file, "");
    }),
    /moving\.samples\.jsonl changed while it was checked; check it again\./,
  );
});
