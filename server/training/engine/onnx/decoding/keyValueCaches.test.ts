import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { tinyConfig } from "../testing/tinyPolicy.ts";
import { ownCache, promptCache } from "./decoderGraphs.ts";
import { KeyValueCaches } from "./keyValueCaches.ts";

const config = tinyConfig(true, { layers: 2, keyValueHeads: 2, headSize: 4 });
const [H, D] = [config.keyValueHeads, config.headSize];
const KINDS = ["k", "v"] as const;

/** A number that tells the place it was written at: below 2²⁴, so that float32 holds it. */
const mark = (layer: number, kind: "k" | "v", token: number, sequence: number, i: number) =>
  (((layer * 2 + (kind === "k" ? 0 : 1)) * 80 + token) * 20 + sequence) * H * D + i;

interface Row {
  group: number;
  sequence: number;
}

/** Caches of B groups of G, and a record of who stands where. */
class Model {
  readonly caches: KeyValueCaches;
  readonly P: number;
  rows: Row[][];
  /** Tokens each layer has seen. */
  seen = 0;

  constructor(lengths: number[], G: number) {
    this.P = Math.max(...lengths);
    const prompts = new Map<string, Float32Array>();
    for (let layer = 0; layer < config.layers; layer++) {
      for (const kind of KINDS) {
        const size = H * this.P * D;
        const values = lengths.flatMap((_, b) => Array.from({ length: size }, (_, i) => promptMark(layer, kind, b, i)));
        prompts.set(promptCache(layer, kind), Float32Array.from(values));
      }
    }
    this.caches = new KeyValueCaches(config, prompts, lengths, this.P, G);
    this.rows = lengths.map((_, group) => Array.from({ length: G }, (_, g) => ({ group, sequence: group * G + g })));
  }

  append(): void {
    const token = this.seen;
    this.caches.append((layer, kind) =>
      Float32Array.from(
        this.rows
          .flat()
          .flatMap(({ sequence }) => Array.from({ length: H * D }, (_, i) => mark(layer, kind, token, sequence, i))),
      ),
    );
    this.seen += 1;
  }

  keep(groups: number[], columns: number[][]): void {
    this.caches.keep(groups, columns);
    this.rows = groups.map((b, i) => (columns[i] as number[]).map((g) => this.rows[b]?.[g] as Row));
  }

  assertRight(lengths: number[]): void {
    const feeds = this.caches.feeds();
    const sizes = { B: this.rows.length, G: this.rows[0]?.length, P: this.P, T: this.seen + 1 };
    assert.deepEqual(this.caches.sizes, sizes);
    const ownMask = feeds.get("ownMask") as Float32Array;
    assert.deepEqual(
      [...ownMask].map((value) => value === 0),
      [false, ...Array(this.seen).fill(true)],
    );
    for (const [b, [row]] of this.rows.entries()) {
      const mask = (feeds.get("promptMask") as Float32Array).subarray(b * this.P, (b + 1) * this.P);
      const length = lengths[(row as Row).group] as number;
      assert.deepEqual(
        [...mask].map((value) => value === 0),
        Array.from({ length: this.P }, (_, i) => i < length),
      );
    }
    for (let layer = 0; layer < config.layers; layer++) for (const kind of KINDS) this.#assertLayer(feeds, layer, kind);
  }

  #assertLayer(feeds: Map<string, unknown>, layer: number, kind: "k" | "v"): void {
    const prompt = feeds.get(promptCache(layer, kind)) as Float32Array;
    const size = H * this.P * D;
    assert.deepEqual(
      [...prompt],
      this.rows.flatMap(([row]) =>
        Array.from({ length: size }, (_, i) => promptMark(layer, kind, (row as Row).group, i)),
      ),
    );
    const own = feeds.get(ownCache(layer, kind)) as Float32Array;
    const rows = this.rows.flat();
    const perPosition = rows.length * H * D;
    const expected = Array.from({ length: this.seen }, (_, token) =>
      rows.flatMap(({ sequence }) => Array.from({ length: H * D }, (_, i) => mark(layer, kind, token, sequence, i))),
    ).flat();
    assert.equal(own.length, perPosition * (this.seen + 1));
    assert.deepEqual([...own.subarray(perPosition)], expected);
  }
}

const promptMark = (layer: number, kind: "k" | "v", group: number, i: number) =>
  ((layer * 2 + (kind === "k" ? 0 : 1)) * 8 + group) * 1000 + i;

test("caches keep what was written, also when they grow", () => {
  const lengths = [3, 1];
  const model = new Model(lengths, 2);
  model.assertRight(lengths);
  // The first capacity is 32 positions, the blank one included.
  for (let token = 0; token < 70; token++) model.append();
  model.assertRight(lengths);
});

test("dropping groups and rows moves the rest together, at any moment", () => {
  const schedule = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    G: fc.integer({ min: 1, max: 4 }),
    drops: fc.array(fc.record({ after: fc.integer({ min: 0, max: 12 }), choice: fc.infiniteStream(fc.nat(999)) }), {
      maxLength: 4,
    }),
  });
  fc.assert(
    fc.property(schedule, ({ lengths, G, drops }) => {
      const model = new Model(lengths, G);
      for (const { after, choice } of drops) {
        for (let i = 0; i < after; i++) model.append();
        const next = (below: number) => (choice.next().value as number) % below;
        const chosen = (from: number[], count: number) => {
          const left = [...from];
          return Array.from({ length: count }, () => left.splice(next(left.length), 1)[0] as number);
        };
        const groups = chosen([...model.rows.keys()], 1 + next(model.rows.length)).sort();
        const width = 1 + next(model.rows[0]?.length as number);
        model.keep(
          groups,
          groups.map((b) => chosen([...(model.rows[b] as Row[]).keys()], width)),
        );
        model.assertRight(lengths);
      }
      model.append();
      model.assertRight(lengths);
    }),
    { seed: 171, numRuns: 60 },
  );
});
