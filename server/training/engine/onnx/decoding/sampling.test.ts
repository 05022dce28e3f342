import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { uniform } from "../../philox.ts";
import { argmax, draw, drawFiltered } from "./sampling.ts";

const seed = 151;
const p = Float32Array.of(0.25, 0, 0.5, 0.125, 0.125);

/** Any distribution of up to 12 tokens, some of which cannot occur. */
const distributions = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), { minLength: 1, maxLength: 12 })
  .filter((weights) => weights.some((weight) => weight > 0))
  .map((weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return Float32Array.from(weights, (weight) => weight / total);
  });
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("a draw inverts the cumulated distribution", () => {
  const at = (u: number) => draw(p, u);
  assert.deepEqual([0, 0.2499, 0.25, 0.7499, 0.75, 0.8749, 0.875, 0.9999].map(at), [0, 0, 2, 2, 3, 3, 4, 4]);
});

test("a draw never takes a token that cannot occur, and grows with u", () => {
  fc.assert(
    fc.property(distributions, unit, unit, (probabilities, u, v) => {
      const [low, high] = [draw(probabilities, Math.min(u, v)), draw(probabilities, Math.max(u, v))];
      assert.ok(low <= high);
      assert.ok((probabilities[low] as number) > 0 && (probabilities[high] as number) > 0);
    }),
    { seed, numRuns: 500 },
  );
});

test("where rounding leaves the sum under u, the last token that can occur is drawn", () => {
  assert.equal(draw(Float32Array.of(0.4, 0.5999, 0), 0.99999), 1);
});

test("tokens are drawn as often as they are likely", () => {
  const counts = new Array<number>(p.length).fill(0);
  const draws = 20_000;
  for (let i = 0; i < draws; i++) {
    const token = draw(p, uniform({ seed: 5, step: 1, sample: 3 }, 0, i));
    counts[token] = (counts[token] as number) + 1;
  }
  for (const [token, probability] of p.entries()) {
    const deviation = Math.sqrt(probability * (1 - probability) * draws);
    assert.ok(Math.abs((counts[token] as number) - probability * draws) <= 4 * deviation, `token ${token}: ${counts}`);
  }
});

test("without filters the filtered draw has the same distribution", () => {
  const steps = 4000;
  const mass = new Array<number>(p.length).fill(0);
  for (let i = 0; i < steps; i++) {
    const token = drawFiltered(p, (i + 0.5) / steps, {});
    mass[token] = (mass[token] as number) + 1 / steps;
  }
  for (const [token, probability] of p.entries()) assert.ok(Math.abs((mass[token] as number) - probability) < 1e-3);
});

/** Tokens a filter lets through, and the share each gets. */
function shares(probabilities: Float32Array, filter: { topK?: number; topP?: number }): Map<number, number> {
  const steps = 2000;
  const found = new Map<number, number>();
  for (let i = 0; i < steps; i++) {
    const token = drawFiltered(probabilities, (i + 0.5) / steps, filter);
    found.set(token, (found.get(token) ?? 0) + 1 / steps);
  }
  return found;
}

function assertShares(filter: { topK?: number; topP?: number }, expected: Record<number, number>): void {
  const found = shares(p, filter);
  assert.deepEqual([...found.keys()].sort(), Object.keys(expected).map(Number));
  for (const [token, share] of Object.entries(expected)) {
    assert.ok(
      Math.abs((found.get(Number(token)) as number) - share) < 2e-3,
      `token ${token}: ${found.get(Number(token))}`,
    );
  }
}

test("top-k keeps the k likeliest, the first of equals, renormalized", () => {
  assertShares({ topK: 1 }, { 2: 1 });
  assertShares({ topK: 2 }, { 0: 1 / 3, 2: 2 / 3 });
  assertShares({ topK: 3 }, { 0: 2 / 7, 2: 4 / 7, 3: 1 / 7 });
  assertShares({ topK: 99 }, { 0: 0.25, 2: 0.5, 3: 0.125, 4: 0.125 });
});

test("top-p keeps the smallest set that reaches p, renormalized", () => {
  assertShares({ topP: 0.3 }, { 2: 1 });
  assertShares({ topP: 0.5 }, { 2: 1 });
  assertShares({ topP: 0.51 }, { 0: 1 / 3, 2: 2 / 3 });
  assertShares({ topP: 0.8 }, { 0: 2 / 7, 2: 4 / 7, 3: 1 / 7 });
  assertShares({ topP: 1 }, { 0: 0.25, 2: 0.5, 3: 0.125, 4: 0.125 });
});

test("with both filters the narrower one decides", () => {
  assertShares({ topK: 1, topP: 0.99 }, { 2: 1 });
  assertShares({ topK: 4, topP: 0.51 }, { 0: 1 / 3, 2: 2 / 3 });
});

test("the filtered draw of any distribution takes a token that can occur, among the k likeliest", () => {
  fc.assert(
    fc.property(distributions, unit, fc.integer({ min: 1, max: 12 }), (probabilities, u, topK) => {
      const token = drawFiltered(probabilities, u, { topK });
      assert.ok((probabilities[token] as number) > 0);
      const likelier = probabilities.filter((other) => other > (probabilities[token] as number)).length;
      assert.ok(likelier < topK);
    }),
    { seed, numRuns: 300 },
  );
});

test("the likeliest token, the first of equals", () => {
  assert.equal(argmax(p), 2);
  assert.equal(argmax(Float32Array.of(0.2, 0.4, 0.4)), 1);
  assert.equal(argmax(Float32Array.of(1)), 0);
});
