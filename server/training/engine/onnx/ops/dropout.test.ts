import assert from "node:assert/strict";
import test from "node:test";
import { Graph, type Value } from "../graph/graph.ts";
import { evaluate } from "../testing/evaluate.ts";
import { checkGradients } from "../testing/gradientCase.ts";
import { Random } from "../testing/random.ts";
import { runOnce } from "../testing/runtime.ts";
import { DROPOUT_FACTORS, DROPOUT_PRIME, dropout, keptResidues } from "./dropout.ts";

const residues = (random: Random, length: number) =>
  Float32Array.from({ length }, () => random.integer(0, DROPOUT_PRIME - 1));

/** What is left of a matrix of ones. */
function maskOf(random: Random, n: number, width: number, share: number): Float64Array {
  const rows = residues(random, n * DROPOUT_FACTORS);
  const columns = residues(random, width * DROPOUT_FACTORS);
  return evaluate(
    {
      x: { shape: [n, width], data: new Float32Array(n * width).fill(1) },
      rows: { shape: [n, DROPOUT_FACTORS], data: rows },
      columns: { shape: [DROPOUT_FACTORS, width], data: columns },
    },
    (graph, { x, rows, columns }) => dropout(graph, x as Value, rows as Value, columns as Value, share),
  );
}

test("sums of products of residues are integers that float32 holds exactly", () => {
  assert.ok(DROPOUT_FACTORS * (DROPOUT_PRIME - 1) ** 2 < 2 ** 24);
  const divisors = Array.from({ length: DROPOUT_PRIME - 2 }, (_, i) => i + 2).filter((d) => DROPOUT_PRIME % d === 0);
  assert.deepEqual(divisors, [], "p is prime");
});

test("a share of the elements is dropped, the others scaled up so that the expectation stays", () => {
  const random = new Random(61);
  for (const share of [0.05, 0.5, 0.9]) {
    const [n, width] = [200, 150];
    const mask = maskOf(random, n, width, share);
    const kept = keptResidues(share) / DROPOUT_PRIME;
    const values = new Set(mask);
    assert.deepEqual([...values].map((value) => Math.fround(value)).sort(), [0, Math.fround(1 / kept)]);
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    // Six standard deviations of a binomial share.
    const spread = 6 * Math.sqrt((share * (1 - share)) / mask.length);
    assert.ok(Math.abs(dropped - (1 - kept)) < spread, `${share}: ${dropped} were dropped`);
  }
});

test("elements of a row, of a column and of a square are dropped independently of one another", () => {
  const [n, width, share] = [160, 160, 0.5];
  const mask = maskOf(new Random(62), n, width, share);
  const at = (i: number, j: number) => (mask[i * width + j] === 0 ? -1 : 1);
  const mean = (value: (i: number, j: number) => number) => {
    let sum = 0;
    for (let i = 0; i + 1 < n; i++) for (let j = 0; j + 1 < width; j++) sum += value(i, j);
    return sum / ((n - 1) * (width - 1));
  };
  const correlations = [
    mean((i, j) => at(i, j) * at(i, j + 1)),
    mean((i, j) => at(i, j) * at(i + 1, j)),
    mean((i, j) => at(i, j) * at(i + 1, j + 1)),
    // A mask that only adds a row's number to a column's would have this one at 1/3.
    mean((i, j) => at(i, j) * at(i + 1, j) * at(i, j + 1) * at(i + 1, j + 1)),
  ];
  for (const correlation of correlations) assert.ok(Math.abs(correlation) < 6 / 159, String(correlations));
});

test("the gradient passes where the element did", async () => {
  const random = new Random(63);
  const factors = (length: number) => residues(random, length * DROPOUT_FACTORS);
  await checkGradients(random, {
    sizes: { N: 5 },
    inputs: { x: ["N", 4] },
    fixed: {
      rows: { shape: ["N", DROPOUT_FACTORS], data: factors(5) },
      columns: { shape: [DROPOUT_FACTORS, 4], data: factors(4) },
    },
    build: (graph, { x, rows, columns }) => dropout(graph, x as Value, rows as Value, columns as Value, 0.4),
  });
});

test("the runtime makes the interpreter's mask, bit for bit, on any number of threads", async () => {
  const random = new Random(64);
  const [n, width] = [300, 257];
  const graph = new Graph("cpu");
  const [x, rows, columns] = [
    graph.input("x", [n, width]),
    graph.input("rows", [n, DROPOUT_FACTORS]),
    graph.input("columns", [DROPOUT_FACTORS, width]),
  ];
  graph.output("y", dropout(graph, x, rows, columns, 0.3));
  const feeds = {
    x: { shape: [n, width], data: random.normals(n * width) },
    rows: { shape: [n, DROPOUT_FACTORS], data: residues(random, n * DROPOUT_FACTORS) },
    columns: { shape: [DROPOUT_FACTORS, width], data: residues(random, width * DROPOUT_FACTORS) },
  };
  const expected = evaluate(feeds, (other, values) =>
    dropout(other, values.x as Value, values.rows as Value, values.columns as Value, 0.3),
  );
  const data = new Map(Object.entries(feeds).map(([name, operand]) => [name, operand.data]));
  for (const threads of [1, 2]) {
    const found = (await runOnce(graph, {}, data, { device: "cpu", threads })).get("y") as Float32Array;
    assert.ok(found.every((value, i) => (value === 0) === (expected[i] === 0)));
  }
});
