import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Group } from "../../policyEngine.ts";
import { Random } from "../testing/random.ts";
import { microBatches } from "./cutting.ts";
import { batchFeeds, causalMask, collectTokens, type MicroBatch, paddingMask, tokenFeed } from "./microBatch.ts";

const options = { seed: 161, numRuns: 300 };

const tokens = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 99 }), { minLength, maxLength }).map((ids) => Int32Array.from(ids));
const group: fc.Arbitrary<Group> = fc.record({
  prompt: tokens(2, 9),
  completions: fc.array(tokens(1, 8), { minLength: 1, maxLength: 6 }),
});
const mini = fc.record({
  groups: fc.array(group, { minLength: 1, maxLength: 6 }),
  maxRows: fc.integer({ min: 1, max: 80 }),
});

const rowsOf = ({ sizes: { B, G, P, L } }: MicroBatch) => B * P + B * G * L;

/** A number that tells each token of a mini-batch from all others. */
const label = (g: number, c: number, t: number) => 10_000 * g + 100 * c + t + 1;

test("every completion is in exactly one micro-batch, beside its own prompt, in a lane of its unit", () => {
  fc.assert(
    fc.property(mini, ({ groups, maxRows }) => {
      const places = microBatches(groups, maxRows).flatMap(({ units, spans, sizes: { B, G, L } }) => {
        assert.equal(units.length, B);
        for (const { group, promptLength } of units) assert.equal(promptLength, groups[group]?.prompt.length);
        const rows = spans.flatMap(({ group, completion, unit, first, length }) => {
          assert.equal(units[unit]?.group, group);
          assert.ok(units[unit]?.completions.includes(completion));
          assert.equal(length, groups[group]?.completions[completion]?.length);
          const lane = Math.floor(first / L);
          assert.equal(Math.floor(lane / G), unit);
          assert.equal(Math.floor((first + length - 1) / L), lane, "a completion ends in its lane");
          return Array.from({ length }, (_, t) => first + t);
        });
        assert.equal(new Set(rows).size, rows.length, "no row has two tokens");
        return spans.map(({ group, completion }) => `${group}/${completion}`);
      });
      const expected = groups.flatMap(({ completions }, g) => completions.map((_, c) => `${g}/${c}`));
      assert.deepEqual(places.sort(), expected.sort());
    }),
    options,
  );
});

test("no micro-batch has more rows than allowed, unless it is one completion alone", () => {
  fc.assert(
    fc.property(mini, ({ groups, maxRows }) => {
      for (const batch of microBatches(groups, maxRows)) {
        const { P, L } = batch.sizes;
        assert.ok(rowsOf(batch) <= maxRows || batch.spans.length === 1, `${rowsOf(batch)} rows of ${maxRows}`);
        for (const { promptLength } of batch.units) assert.ok(promptLength - 1 <= P);
        assert.equal(Math.max(...batch.spans.map(({ length }) => length)), L);
      }
    }),
    options,
  );
});

test("a single long completion makes a micro-batch of its own", () => {
  const sized = (length: number) => new Int32Array(length).fill(1);
  const groups = [
    { prompt: sized(3), completions: [sized(100), sized(90)] },
    { prompt: sized(3), completions: [sized(2), sized(2)] },
  ];
  const batches = microBatches(groups, 20);
  const shapes = batches.map(({ sizes }) => sizes).sort((a, b) => a.L - b.L);
  assert.deepEqual(shapes[0], { B: 1, G: 2, P: 2, L: 2, M: 1 });
  assert.deepEqual(
    shapes.slice(1).map(({ B, G }) => [B, G]),
    [
      [1, 1],
      [1, 1],
    ],
  );
});

test("prompts are sent again where that is cheaper than padding", () => {
  const long = { prompt: new Int32Array(11), completions: [5, 200, 6, 5].map((length) => new Int32Array(length)) };
  const shapes = microBatches([long], 320).map(({ sizes, units }) => [sizes.G, sizes.L, units[0]?.completions]);
  assert.deepEqual(shapes.sort(), [
    [1, 200, [1]],
    [3, 6, [0, 2, 3]],
  ]);
  const alike = { prompt: new Int32Array(500), completions: [5, 6, 5].map((length) => new Int32Array(length)) };
  assert.equal(microBatches([alike], 1000).length, 1);
});

test("over a spread of lengths a tenth of the rows are padding or a prompt that is sent twice", () => {
  const random = new Random(64);
  const lengths = (mean: number) => Math.max(2, Math.round(mean * Math.exp(0.7 * (random.normals(1)[0] as number))));
  const groups = Array.from({ length: 16 }, () => ({
    prompt: new Int32Array(lengths(600)),
    completions: Array.from({ length: 8 }, () => new Int32Array(lengths(200))),
  }));
  const real = groups.reduce(
    (sum, { prompt, completions }) => completions.reduce((s, { length }) => s + length, sum + prompt.length - 1),
    0,
  );
  const batches = microBatches(groups, 16_384);
  const computed = batches.reduce((sum, batch) => sum + rowsOf(batch), 0);
  assert.ok(computed < 1.3 * real, `${computed} rows for ${real} tokens`);
  assert.ok(batches.length < 20, `${batches.length} micro-batches`);
});

test("short completions share the lane that a long one's padding would fill", () => {
  const group = { prompt: new Int32Array(4), completions: [3, 9, 2, 4].map((length) => new Int32Array(length)) };
  const [batch] = microBatches([group], 1000) as [MicroBatch];
  assert.deepEqual(batch.sizes, { B: 1, G: 2, P: 3, L: 9, M: 2 });
  assert.deepEqual(
    batch.spans.map(({ completion, first }) => [completion, first]),
    [
      [0, 0],
      [2, 3],
      [3, 5],
      [1, 9],
    ],
  );
});

test("enough room takes all in one, and like groups share a micro-batch", () => {
  const group = (length: number) => ({
    prompt: new Int32Array(4),
    completions: [new Int32Array(length), new Int32Array(2)],
  });
  assert.equal(microBatches([group(3), group(5), group(2)], 1000).length, 1);
  assert.deepEqual(microBatches([group(3)], 1000)[0]?.sizes, { B: 1, G: 2, P: 3, L: 3, M: 1 });
  assert.deepEqual(microBatches([], 1000), []);
});

test("collectTokens is the inverse of tokenFeed", () => {
  fc.assert(
    fc.property(mini, ({ groups, maxRows }) => {
      const results: Float32Array[][] = groups.map(() => []);
      const labels = (g: number, c: number) =>
        Float32Array.from(groups[g]?.completions[c] as Int32Array, (_, t) => label(g, c, t));
      for (const batch of microBatches(groups, maxRows)) {
        const feed = tokenFeed(batch, labels);
        assert.equal(feed.length, batch.sizes.B * batch.sizes.G * batch.sizes.L);
        collectTokens(feed, batch, results);
      }
      assert.deepEqual(
        results,
        groups.map(({ completions }, g) => completions.map((_, c) => labels(g, c))),
      );
    }),
    options,
  );
});

test("one number for a completion reaches each of its tokens", () => {
  const groups = [{ prompt: Int32Array.of(1, 2), completions: [Int32Array.of(3), Int32Array.of(4, 5)] }];
  const [batch] = microBatches(groups, 100) as [MicroBatch];
  assert.deepEqual([...tokenFeed(batch, (_, c) => c + 7)], [7, 0, 8, 8]);
});

test("each row reads the token before the one it is to predict, at that token's position", () => {
  fc.assert(
    fc.property(mini, ({ groups, maxRows }) => {
      for (const batch of microBatches(groups, maxRows)) {
        const { B, P } = batch.sizes;
        const feeds = batchFeeds(groups, batch);
        const at = (name: string, row: number) => Number(feeds.get(name)?.[row]);
        for (const [b, unit] of batch.units.entries()) {
          const { prompt } = groups[unit.group] as Group;
          for (let t = 0; t < prompt.length - 1; t++) {
            assert.deepEqual([at("ids", b * P + t), at("positions", b * P + t)], [prompt[t], t]);
          }
        }
        for (const { group, completion, first, length } of batch.spans) {
          const { prompt, completions } = groups[group] as Group;
          const sequence = [...prompt, ...(completions[completion] as Int32Array)];
          for (let t = 0; t < length; t++) {
            const [row, position] = [first + t, prompt.length - 1 + t];
            assert.deepEqual([at("ids", B * P + row), at("positions", B * P + row)], [sequence[position], position]);
            assert.equal(at("targets", row), sequence[position + 1]);
          }
        }
      }
    }),
    options,
  );
});

test("a completion sees its prompt without the padding, itself and what came before, and no other completion", () => {
  fc.assert(
    fc.property(mini, ({ groups, maxRows }) => {
      for (const batch of microBatches(groups, maxRows)) {
        const { B, G, P, L, M } = batch.sizes;
        const mask = batchFeeds(groups, batch).get("completionMask") as Float32Array;
        assert.equal(mask.length, B * M * L * (P + L));
        for (const { unit, first, length } of batch.spans) {
          const promptLength = batch.units[unit]?.promptLength as number;
          const lane = M === 1 ? unit : Math.floor(first / L);
          assert.ok(M === 1 || M === G);
          for (let t = 0; t < length; t++) {
            const own = (first % L) + t;
            for (let key = 0; key < P + L; key++) {
              const visible = key < P ? key < promptLength - 1 : key - P <= own && key - P >= first % L;
              assert.equal(mask[(lane * L + own) * (P + L) + key] === 0, visible, `row ${own}, key ${key}`);
            }
          }
        }
      }
    }),
    { ...options, numRuns: 100 },
  );
});

test("masks: causal, and of padding", () => {
  const open = (mask: Float32Array) => Array.from(mask, (value) => Number(value === 0));
  assert.deepEqual(open(causalMask(3)), [1, 0, 0, 1, 1, 0, 1, 1, 1]);
  assert.deepEqual(open(paddingMask([2, 3, 1], 3)), [1, 1, 0, 1, 1, 1, 1, 0, 0]);
  assert.equal(Math.exp(Math.fround((causalMask(2)[1] as number) + 100)), 0);
});
