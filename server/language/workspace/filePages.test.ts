import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { splitLines, withoutEnd } from "../records/lines.ts";
import { type FilePage, pageAt, pagesOf, pageText, rangeOnPage } from "./filePages.ts";

const folder = mkdtempSync(join(tmpdir(), "toolexpander-pages-"));
const file = join(folder, "a.jsonl");
after(() => rmSync(folder, { recursive: true }));

/** The line of a page's text, without its end. */
const lineOf = (text: string, line: number): string => withoutEnd(splitLines(text)[line] ?? "");

test("a place on its page has the text that it has in the file, whatever lines, line ends and characters there are", async () => {
  const line = fc
    .array(fc.constantFrom("a", "ü", "€", "😀", "{", '"', "\u2028"), { maxLength: 12 })
    .map((parts) => parts.join(""));
  const text = fc
    .array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r", "\n\n")), { minLength: 1, maxLength: 40 })
    .map((lines) => lines.flat().join(""));
  const size = fc.record({ lines: fc.integer({ min: 1, max: 8 }), bytes: fc.integer({ min: 1, max: 60 }) });
  const property = fc.asyncProperty(text, size, fc.nat(), fc.boolean(), async (body, small, pick, marked) => {
    writeFileSync(file, `${marked ? "\uFEFF" : ""}${body}`);
    const lines = splitLines(body).map(withoutEnd);
    const wanted = pick % lines.length;
    const place = { line: wanted, character: 0 };
    const end = { line: wanted, character: lines[wanted]?.length ?? 0 };
    const most = { ...small, mostBytes: 1000 };
    const pages = await pagesOf(file, [place, place], most);
    assert.equal(pages.length, 1);
    const [page] = pages as [FilePage];
    assert.equal(pageAt(pages, place), 0);
    // Behind the last line end there is an empty line, which no byte belongs to.
    assert.ok(page.position.line <= wanted && (wanted <= page.lastLine || wanted === lines.length - 1));
    const shown = rangeOnPage(page, { start: place, end });
    const shownText = await pageText(file, page);
    assert.equal(lineOf(shownText, shown.start.line), lines[wanted]);
    assert.deepEqual(shown.end, { line: shown.start.line, character: end.character });
  });
  await fc.assert(property, { seed: 41, numRuns: 400 });
});

test("a line that is too large for a page is cut between characters, and columns are counted on", async () => {
  const long = "é😀x".repeat(2000);
  writeFileSync(file, `first\n[${long}]\nlast\n`);
  const size = { lines: 10, bytes: 500, mostBytes: 1000 };
  const places = Array.from({ length: long.length / 100 }, (_, index) => ({ line: 1, character: 1 + 100 * index }));
  const pages = await pagesOf(file, places, size);
  assert.ok(pages.length > 10);
  for (const place of places) {
    const page = pages[pageAt(pages, place)];
    assert.ok(page && page.end - page.start <= 1003);
    const { start } = rangeOnPage(page, { start: place, end: place });
    const text = await pageText(file, page);
    assert.doesNotMatch(text, /\uFFFD/);
    assert.equal(
      lineOf(text, start.line).slice(start.character, start.character + 4),
      long.slice(place.character - 1, place.character + 3).slice(0, lineOf(text, start.line).length - start.character),
    );
  }
  const all = readFileSync(file);
  const [first] = pages;
  assert.equal(all.subarray(first?.start, first?.end).toString().startsWith("first\n["), true);
});

test("pages without a place are left out, and places behind the end are on the last page", async () => {
  writeFileSync(file, Array.from({ length: 1000 }, (_, line) => `line ${line}\n`).join(""));
  const size = { lines: 10, bytes: 1e6, mostBytes: 1e6 };
  const places = [999, 5, 503, 504, 5000].map((line) => ({ line, character: 2 }));
  const pages = await pagesOf(file, places, size);
  assert.deepEqual(
    pages.map(({ position, lastLine }) => [position.line, lastLine]),
    [
      [0, 9],
      [500, 509],
      [990, 999],
    ],
  );
  assert.equal(pageAt(pages, { line: 5000, character: 0 }), 2);
  assert.deepEqual(await pagesOf(file, []), []);
  writeFileSync(file, "");
  assert.equal((await pagesOf(file, [{ line: 0, character: 0 }])).length, 1);
});
