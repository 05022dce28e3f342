import assert from "node:assert/strict";
import test from "node:test";
import { seedFor } from "../../server/training/draw.ts";
import { type Point, slopeOf } from "./slope.ts";

/** Roughly normal, from a seed. */
const noise = (purpose: string): number =>
  [0, 1, 2, 3].reduce((sum, part) => sum + seedFor(3, `${purpose} ${part}`) / 2 ** 32, -2) * Math.sqrt(3);

test("a line is found exactly, whatever the level of each group", () => {
  const points: Point[] = ["a", "b"].flatMap((group, level) =>
    Array.from({ length: 10 }, (_, x) => ({ group, x: x + 100 * level, y: 500 * level - 2 * x })),
  );
  const { slope, margin } = slopeOf(points);
  assert.ok(Math.abs(slope + 2) < 1e-9 && margin < 1e-9, `${slope} ± ${margin}`);
});

test("the interval holds the true slope about 19 times in 20, also where neighbours are alike", () => {
  let held = 0;
  for (let trial = 0; trial < 300; trial++) {
    let drift = 0;
    const points = Array.from({ length: 200 }, (_, x): Point => {
      drift = 0.6 * drift + noise(`${trial} ${x}`);
      return { group: "", x, y: 0.01 * x + drift };
    });
    const { slope, margin } = slopeOf(points);
    if (Math.abs(slope - 0.01) <= margin) held++;
  }
  assert.ok(held >= 270, `${held} of 300`);
});

test("growth is told from noise, and too few points tell nothing", () => {
  const grows = Array.from({ length: 60 }, (_, x): Point => ({ group: "", x, y: 0.5 * x + noise(`grows ${x}`) }));
  const { slope, margin } = slopeOf(grows);
  assert.ok(slope - margin > 0.3);
  assert.equal(slopeOf(grows.slice(0, 2)).margin, Number.POSITIVE_INFINITY);
  assert.equal(slopeOf([{ group: "", x: 1, y: 1 }]).margin, Number.POSITIVE_INFINITY);
});
