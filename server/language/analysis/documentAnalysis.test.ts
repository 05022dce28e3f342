import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../records/scan.ts";
import { DocumentAnalysis, type Surroundings } from "./documentAnalysis.ts";
import { FactIndex } from "./facts.ts";
import { RuleSet } from "./ruleSet.ts";
import { ToolScope } from "./scope.ts";

const surroundings = (): Surroundings => ({
  rules: RuleSet.standard,
  limits: DEFAULT_LIMITS,
  facts: new FactIndex(),
  scopeOf: () => ToolScope.unknown,
});

function found(analysis: DocumentAnalysis): string[] {
  while (!analysis.advance(5));
  const { findings, pending } = analysis.findings(Number.POSITIVE_INFINITY);
  assert.equal(pending, 0);
  return findings.map(
    ({ finding, range }) => `${range.start.line}:${range.start.character}-${range.end.character} ${finding.rule}`,
  );
}

const row = fc.constantFrom(
  '{"id":"a","query":"Hello","tools":[],"answer":[]}',
  '{"id":"a","query":"Good evening","tools":[],"answer":[]}',
  '{"id":"b","query":"Hello","tools":["x","x"],"answer":[]}',
  '{"id":"c","query":"c","tools":[],"answer":[],"answer":[]}',
  "{broken",
  "",
);

const first = '{"id":"first","query":"First","tools":[],"answer":[]}';

test("after any edits the findings are those of the document opened anew", () => {
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(6), fc.nat(2), fc.array(row, { maxLength: 3 }))),
      (rows, edits) => {
        const analysis = new DocumentAnalysis("a.samples.jsonl", `${[first, ...rows].join("\n")}\n`, surroundings());
        for (const [at, removed, inserted] of edits) {
          if (at % 2 === 0) found(analysis);
          const text = inserted.map((one) => `${one}\n`).join("");
          analysis.apply({
            range: { start: { line: at + 1, character: 0 }, end: { line: at + 1 + removed, character: 0 } },
            text,
          });
        }
        const anew = new DocumentAnalysis("a.samples.jsonl", analysis.document.text, surroundings());
        assert.deepEqual(found(analysis), found(anew));
      },
    ),
    { seed: 14, numRuns: 300 },
  );
});

test("what is visible is looked at first, the rest in slices, and the cap keeps the true count", () => {
  const rows = Array.from(
    { length: 3000 },
    (_, index) => `{"id":"${index}","query":"${index}","tools":["x","x"],"answer":[]}`,
  );
  const analysis = new DocumentAnalysis("a.samples.jsonl", rows.join("\n"), surroundings());
  analysis.show(2000, 2001);
  analysis.advance(0);
  const early = analysis.findings(10);
  assert.deepEqual(
    early.findings.map(({ range }) => range.start.line),
    [2000],
  );
  assert.equal(early.pending, 2999);
  while (!analysis.advance(5));
  const all = analysis.findings(10);
  assert.equal(all.findings.length, 10);
  assert.equal(all.total, 3000);
});

test("a text that replaces the whole document tells its dialect anew, and one that is typed into it does not", () => {
  const rows = Array.from({ length: 50 }, (_, id) => `{"id":"${id}","query":"${id}","tools":[],"answer":[]}\n`);
  const analysis = new DocumentAnalysis("a.samples.jsonl", rows.join(""), surroundings());
  assert.equal(analysis.dialect?.id, "toolexpander");
  const chat = '{"messages":[{"role":"user","content":"Hello"},{"role":"assistent","content":"Hi"}],"tools":[]}\n';
  const replace = (first: number, last: number, text: string): void =>
    analysis.apply({ range: { start: { line: first, character: 0 }, end: { line: last, character: 0 } }, text });
  replace(0, 2, chat);
  assert.equal(analysis.dialect?.id, "toolexpander");
  replace(0, analysis.document.text.split("\n").length - 1, chat.repeat(2));
  assert.equal(analysis.dialect?.id, "openai");
  assert.deepEqual(found(analysis).filter((one) => one.endsWith("unknown-role")).length, 2);
  replace(0, 2, "{");
  assert.equal(analysis.dialect?.id, "openai");
});
