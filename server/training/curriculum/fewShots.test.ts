import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Demonstration, Sample, ToolCall } from "../../../schemas/samples.ts";
import { sameCalls } from "../../toolcalls/compare.ts";
import { parseExactJson } from "../../toolcalls/json.ts";
import { DemonstrationPool } from "./demonstrationPool.ts";
import { construct, type FewShotSource, type FewShots, hasCandidates } from "./fewShots.ts";

const call = (name: string, value: unknown = 1): ToolCall => ({ name, arguments: { value } });
const sample = (id: string, answer: ToolCall[], tools = ["a", "b", "c"]): Sample => ({
  id,
  query: `ask ${id}`,
  tools,
  answer,
});

/** A prompt of ten tokens and ten for each demonstration. */
function sourceOf(samples: Sample[], demonstrations: Demonstration[] = [], budget = 1000): FewShotSource {
  return {
    pool: new DemonstrationPool(samples, demonstrations),
    settings: { demonstrate: "offered", perTool: 1 },
    render: (row, shown) => {
      const tokens = new Int32Array(10 + 10 * shown.length);
      return tokens.length > budget ? undefined : { text: [...shown.map(({ id }) => id), row.id].join(" "), tokens };
    },
  };
}

const key = { seed: 1, round: 1, sample: 0, attempt: 0 };

function fewShots(source: FewShotSource, row: Sample, changes: Partial<typeof key> = {}): FewShots {
  const made = construct(source, row, { ...key, ...changes });
  assert.ok(typeof made === "object", String(made));
  return made;
}

test("each offered tool gets a demonstration by another row, and the needed one is among them", () => {
  const rows = [
    sample("0", [call("a", 0)]),
    sample("1", [call("a", 1)]),
    sample("2", [call("b", 2)]),
    sample("3", [call("c", 3), call("a", 3)]),
  ];
  const { demonstrations, prompt, dropped } = fewShots(sourceOf(rows), rows[0] as Sample);
  const called = demonstrations.flatMap(({ answer }) => answer.map(({ name }) => name));
  for (const tool of ["a", "b", "c"]) assert.ok(called.includes(tool), tool);
  assert.ok(demonstrations.every(({ id }) => id !== "0"));
  assert.ok(prompt.text.endsWith("0"));
  assert.equal(dropped, 0);
});

test("with demonstrate: called only the tools of the gold calls are shown", () => {
  const rows = [sample("0", [call("a", 0)]), sample("1", [call("a", 1)]), sample("2", [call("b", 2)])];
  const source = { ...sourceOf(rows), settings: { demonstrate: "called", perTool: 3 } as const };
  const { demonstrations } = fewShots(source, rows[0] as Sample);
  assert.deepEqual(
    demonstrations.map(({ id }) => id),
    ["1"],
  );
});

test("an answer equal to the row's own is left out whatever its id and spelling, also from the demonstrations file", () => {
  const own: ToolCall = { name: "a", arguments: parseExactJson('{"id": 1e2, "place": {"x": 1, "y": [2]}}') as object };
  const twin: ToolCall = {
    name: "a",
    arguments: parseExactJson('{"place": {"y": [2.0], "x": 1}, "id": 100}') as object,
  };
  const row = sample("0", [own, call("b")]);
  const rows = [row, sample("1", [call("b"), twin])];
  assert.equal(sameCalls([own], [twin]), true);
  const demonstrations = [{ id: "d", query: "again", answer: [call("b"), own] }];
  assert.equal(hasCandidates(sourceOf(rows, demonstrations), row), false);
  assert.equal(construct(sourceOf(rows, demonstrations), row, key), "no-candidates");
  const other = { id: "e", query: "other", answer: [twin] };
  const { demonstrations: shown } = fewShots(sourceOf(rows, [...demonstrations, other]), row);
  assert.deepEqual(shown, [other]);
});

test("ids of nineteen digits that differ in the last one are two answers", () => {
  const id = (digits: string): ToolCall => ({ name: "a", arguments: parseExactJson(`{"id": ${digits}}`) as object });
  const rows = [sample("0", [id("1234567890123456789")]), sample("1", [id("1234567890123456788")])];
  assert.equal(hasCandidates(sourceOf(rows), rows[0] as Sample), true);
});

test("a row whose needed tools nobody else calls has no candidates, though others offered have", () => {
  const rows = [sample("0", [call("a")]), sample("1", [call("b")]), sample("2", [call("b", 2)])];
  assert.equal(construct(sourceOf(rows), rows[0] as Sample, key), "no-candidates");
  const none = sample("3", []);
  const { demonstrations } = fewShots(sourceOf([...rows, none]), none);
  assert.equal(demonstrations.length, 2, "a row that needs no tool is shown those it is offered");
  assert.equal(construct(sourceOf([none]), none, key), "no-candidates");
  const offeredNothing = sample("4", [], []);
  assert.equal(construct(sourceOf(rows), offeredNothing, key), "no-candidates");
});

test("a short budget drops the tools that are not needed first, and says so", () => {
  const rows = [
    sample("0", [call("c", 0)]),
    sample("1", [call("a")]),
    sample("2", [call("b")]),
    sample("3", [call("c")]),
  ];
  const { demonstrations, prompt, dropped } = fewShots(sourceOf(rows, [], 25), rows[0] as Sample);
  assert.deepEqual(
    demonstrations.map(({ id }) => id),
    ["3"],
  );
  assert.equal(prompt.tokens.length, 20);
  assert.equal(dropped, 2);
  assert.equal(construct(sourceOf(rows, [], 15), rows[0] as Sample, key), "over-budget");
});

test("demonstrations are a function of seed, round, row and attempt, and each of them matters", () => {
  const rows = Array.from({ length: 200 }, (_, index) => sample(String(index), [call("a", index)], ["a"]));
  const source = sourceOf(rows);
  const [row] = rows as [Sample];
  const shown = (changes: Partial<typeof key>): string => fewShots(source, row, changes).prompt.text;
  assert.equal(shown({}), shown({}));
  assert.equal(fewShots(sourceOf(rows), row).prompt.text, shown({}), "another pool of the same rows");
  const others = [{ seed: 2 }, { round: 2 }, { sample: 1 }, { attempt: 1 }].map(shown);
  assert.ok(others.every((text) => text !== shown({})));
});

test("every candidate comes up, about as often as the others", () => {
  const rows = [
    sample("own", [call("a", "own")], ["a"]),
    ...Array.from({ length: 10 }, (_, index) => sample(String(index), [call("a", index)], ["a"])),
  ];
  const counts = new Map<string, number>();
  for (let attempt = 0; attempt < 5000; attempt++) {
    const { demonstrations } = fewShots(sourceOf(rows), rows[0] as Sample, { attempt });
    const id = demonstrations[0]?.id as string;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  assert.equal(counts.size, 10);
  for (const count of counts.values()) assert.ok(count > 400 && count < 600, String(count));
});

test("whatever the rows, nobody is shown its own answer, a demonstration twice, or an answer that uses none of its tools", () => {
  const answer = fc.array(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      value: fc.constantFrom<unknown>(1, "1", true, null, [1], { k: 2 }),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(
      fc.array(answer, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      (answers, perTool) => {
        const rows = answers.map((calls, index) =>
          sample(
            String(index),
            calls.map(({ name, value }) => call(name, value)),
            ["a", "b", "c", "d"].slice(0, 1 + (index % 4)),
          ),
        );
        const source = { ...sourceOf(rows), settings: { demonstrate: "offered", perTool } as const };
        for (const [index, row] of rows.entries()) {
          const made = construct(source, row, { ...key, sample: index });
          const needed = new Set(row.answer.map(({ name }) => name));
          const wanted = needed.size > 0 ? [...needed] : row.tools;
          const shows = rows.some(
            (other) => !sameCalls(other.answer, row.answer) && other.answer.some(({ name }) => wanted.includes(name)),
          );
          assert.equal(typeof made === "object", shows);
          if (typeof made !== "object") continue;
          assert.equal(new Set(made.demonstrations).size, made.demonstrations.length);
          const allowed = new Set([...row.tools, ...needed]);
          for (const { answer: shown } of made.demonstrations) {
            assert.equal(sameCalls(shown, row.answer), false);
            assert.ok(shown.some(({ name }) => allowed.has(name)));
          }
        }
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});
