import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { generalizedAdvantages } from "./gae.ts";

interface GaeGolden {
  cases: {
    gamma: number;
    lambda: number;
    bootstrap: number;
    rewards: number[];
    values: number[];
    advantages: number[];
    returns: number[];
  }[];
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, "testing", "golden", "gae.json"), "utf8"),
) as GaeGolden;

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((found[i] as number) - (expected[i] as number));
    assert.ok(difference < 1e-10, `${Array.from(found)} instead of ${Array.from(expected)}`);
  }
}

test("advantages and returns are PyTorch's, which sums over every turn that follows", () => {
  assert.ok(golden.cases.some(({ rewards, bootstrap }) => rewards.length > 1 && bootstrap !== 0));
  for (const { rewards, values, advantages, returns, ...horizon } of golden.cases) {
    const found = generalizedAdvantages(rewards, values, horizon);
    assertClose(found.advantages, advantages);
    assertClose(found.returns, returns);
  }
});

test("two turns by hand", () => {
  // δ₁ = 0 − 2, δ₀ = 1 + 0.5·2 − 3 = −1; Â₀ = −1 + 0.5·0.5·(−2).
  const { advantages, returns } = generalizedAdvantages([1, 0], [3, 2], { gamma: 0.5, lambda: 0.5 });
  assert.deepEqual([...advantages], [-1.5, -2]);
  assert.deepEqual([...returns], [1.5, 0]);
});

const number = fc.double({ min: -5, max: 5, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const episode = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 12 });
const property = (seed: number, holds: (rewards: number[], values: number[], gamma: number, end: number) => void) =>
  fc.assert(
    fc.property(episode, share, number, (turns, gamma, bootstrap) => {
      holds(
        turns.map(([reward]) => reward),
        turns.map(([, value]) => value),
        gamma,
        bootstrap,
      );
    }),
    { seed },
  );

test("with λ = 1 an advantage is the discounted return less the value, and V has no part in its own target", () => {
  property(301, (rewards, values, gamma, bootstrap) => {
    const { advantages, returns } = generalizedAdvantages(rewards, values, { gamma, lambda: 1, bootstrap });
    const discounted = rewards.map((_, turn) =>
      [...rewards.slice(turn), bootstrap].reduce((sum, reward, later) => sum + gamma ** later * reward, 0),
    );
    assertClose(returns, discounted);
    assertClose(
      advantages,
      discounted.map((sum, turn) => sum - (values[turn] as number)),
    );
  });
});

test("with λ = 0 an advantage is the error of one turn", () => {
  property(302, (rewards, values, gamma, bootstrap) => {
    const { advantages } = generalizedAdvantages(rewards, values, { gamma, lambda: 0, bootstrap });
    const following = [...values.slice(1), bootstrap];
    assertClose(
      advantages,
      rewards.map((reward, turn) => reward + gamma * (following[turn] as number) - (values[turn] as number)),
    );
  });
});

test("an episode that is broken off goes on as the whole one would, if V foretells the rest", () => {
  property(303, (rewards, values, gamma) => {
    const horizon = { gamma, lambda: 1 };
    const whole = generalizedAdvantages(rewards, values, horizon);
    const cut = Math.ceil(rewards.length / 2);
    const bootstrap = cut < rewards.length ? (whole.returns[cut] as number) : 0;
    const part = generalizedAdvantages(rewards.slice(0, cut), values.slice(0, cut), { ...horizon, bootstrap });
    assertClose(part.advantages, whole.advantages.slice(0, cut));
  });
});

test("a value function that foretells everything leaves no advantage, whatever λ", () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 12 }), share, share, (rewards, gamma, lambda) => {
      const zeros = rewards.map(() => 0);
      const { returns } = generalizedAdvantages(rewards, zeros, { gamma, lambda: 1 });
      assertClose(generalizedAdvantages(rewards, returns, { gamma, lambda }).advantages, zeros);
    }),
    { seed: 304 },
  );
});

test("what cannot be an episode or a horizon is refused", () => {
  assert.throws(() => generalizedAdvantages([1, 2], [0], { gamma: 1, lambda: 1 }), /2 rewards but 1 values/);
  assert.throws(() => generalizedAdvantages([1], [0], { gamma: 1.1, lambda: 1 }), /gamma is 1\.1; it lies between/);
  assert.throws(() => generalizedAdvantages([1], [0], { gamma: 1, lambda: Number.NaN }), /lambda is NaN/);
});
