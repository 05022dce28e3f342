/**
 * The few operations an objective is written in. One formula then serves as nodes of a differentiated graph and as plain
 * numbers in a test: what is checked is what runs.
 */
export interface Algebra<T> {
  constant(value: number): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  exp(a: T): T;
  min(a: T, b: T): T;
  /** a limited to [low, high]. */
  clip(a: T, low: number, high: number): T;
}

/** The same operations on numbers. */
export const numbers: Algebra<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  exp: Math.exp,
  min: Math.min,
  clip: (a, low, high) => Math.min(Math.max(a, low), high),
};

/** The larger of two, the first where they are equal: −min(−a, −b), so that no device needs another operator. */
export function larger<T>(m: Algebra<T>, a: T, b: T): T {
  const negative = (x: T) => m.sub(m.constant(0), x);
  return negative(m.min(negative(a), negative(b)));
}
