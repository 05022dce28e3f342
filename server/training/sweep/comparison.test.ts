import assert from "node:assert/strict";
import test from "node:test";
import { compared, pairedDifference } from "./comparison.ts";
import { curvesCsv, sweepReport } from "./report.ts";
import { outcome } from "./testing/outcome.ts";

test("differences are paired by seed, and only of seeds that both have", () => {
  const baseline = [outcome(1, 0.5), outcome(2, 0.7), outcome(3, 0.1)];
  const other = [outcome(2, 0.8), outcome(1, 0.6), outcome(4, 0.9)];
  const difference = pairedDifference(other, baseline, ({ accuracyAfter }) => accuracyAfter);
  assert.ok(difference && Math.abs(difference.mean - 0.1) < 1e-12);
  assert.ok(Math.abs(difference.high - difference.low) < 1e-12, "both seeds gained the same");
  assert.equal(
    pairedDifference(other.slice(0, 1), baseline, (run) => run.accuracyAfter),
    null,
    "one pair has no spread",
  );
  assert.equal(
    pairedDifference(other, baseline, () => null),
    null,
  );
});

test("means and deviations leave out what was not measured; the first variant differs from nothing", () => {
  const [first, second] = compared([
    { name: "GRPO", preset: "grpo", runs: [outcome(1, 0.5), outcome(2, 0.7)] },
    {
      name: "replace",
      preset: "dmhs-replace",
      runs: [outcome(1, null, { hardByRound: [10, 4, 6] }), outcome(2, 0.8, { collapsed: true })],
    },
  ]);
  assert.equal(first?.accuracyDifference, null);
  assert.ok(first?.accuracyAfter && Math.abs(first.accuracyAfter.deviation - Math.SQRT2 * 0.1) < 1e-12);
  assert.equal(second?.accuracyAfter?.count, 1);
  assert.equal(second?.accuracyDifference, null);
  assert.equal(second?.hardDifference?.mean, 0);
  assert.equal(second?.oscillation?.mean, 4);
  assert.equal(second?.collapsed, 1);
});

test("the page shows means, intervals and what was published of the presets, and curves are comma-separated", () => {
  const variants = [
    { name: "GRPO", preset: "grpo", runs: [outcome(1, 0.5), outcome(2, 0.7)] },
    {
      name: 'a "b", c',
      preset: "dmhs-add",
      runs: [
        outcome(1, 0.6, {
          curve: [
            { step: 1, reward: 0.25 },
            { step: 2, reward: null, accuracy: 0.5, entropy: 1.5 },
          ],
        }),
        outcome(2, 0.7),
      ],
    },
  ];
  const page = sweepReport("methods", variants, 6);
  assert.match(page, /^# methods\n\n4 of 6 runs have finished\./);
  assert.match(page, /\| GRPO +\| 2 +\| 40\.0 ± 0\.0 +\| 60\.0 ± 14\.1 \| +\|/);
  assert.match(page, /\| \+5\.0 \(−58\.5 to \+68\.5\) +\|/);
  assert.match(page, /\| dmhs-add \| Qwen2\.5-1\.5B \| BFCL +\| 69\.16 +\| 77\.62 +\| \+8\.46 +\| TE/);
  assert.doesNotMatch(page, /Tool-N1|tool-n1/);
  assert.equal(
    curvesCsv(variants),
    'variant,seed,step,reward,accuracy,entropy\n"a ""b"", c",1,1,0.25,,\n"a ""b"", c",1,2,,0.5,1.5\n',
  );
});

test("entropies of the choice of tools are compared where episodes were played, and are no table elsewhere", () => {
  const played = (seed: number, bits: number) =>
    outcome(seed, 0.5, {
      entropyBefore: 1,
      entropyAfter: bits,
      questionEntropyBefore: 0.5,
      questionEntropyAfter: 0.25,
    });
  const variants = [
    { name: "sft", preset: "sft", runs: [played(1, 1), played(2, 2)] },
    { name: "SPaRK", preset: "spark", runs: [played(1, 1.5), played(2, 2.5)] },
  ];
  const page = sweepReport("tools", variants, 4);
  assert.match(
    page,
    /\| SPaRK +\| 1\.00 ± 0\.00 +\| 2\.00 ± 0\.71 +\| \+0\.50 \(\+0\.50 to \+0\.50\) +\| 0\.50 ± 0\.00 +\| 0\.25/,
  );
  assert.doesNotMatch(sweepReport("calls", [{ name: "GRPO", preset: "grpo", runs: [outcome(1, 0.5)] }], 1), /entropy/);
});
