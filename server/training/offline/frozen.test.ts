import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { folderWith } from "../../toolcalls/testing/files.ts";
import { type TensorData, writeSafetensors } from "../engine/safetensors.ts";
import { type Frozen, markOf, readFrozen, writeFrozen } from "./frozen.ts";

const turns = [{ completion: Int32Array.of(5, 6, 7) }, { completion: Int32Array.of(8) }];
const frozen: Frozen = {
  epoch: 2,
  oldLogprobs: [Float32Array.of(-1, -0.5, -0.25), Float32Array.of(-2)],
  values: Float32Array.of(0.5, -1.5),
  refLogprobs: [Float32Array.of(-1.5, -1, -0.5), Float32Array.of(-3)],
};

function written(t: TestContext): string {
  const dir = folderWith(t);
  writeFrozen(dir, frozen);
  return dir;
}

test("what an epoch froze comes back, with and without a reference", (t) => {
  assert.deepEqual(readFrozen(written(t), markOf(frozen), turns), frozen);
  const { refLogprobs: _, ...plain } = frozen;
  const dir = folderWith(t);
  writeFrozen(dir, plain);
  assert.deepEqual(readFrozen(dir, markOf(plain), turns), plain);
});

test("a file of other numbers, other turns or other types than were written is refused in a sentence", (t) => {
  const dir = written(t);
  const refusal = { name: "InputError", message: /are damaged; remove its folder/ };
  const other = { ...frozen, values: Float32Array.of(0.5, -1.25) };
  assert.throws(() => readFrozen(dir, markOf(other), turns), refusal);
  assert.throws(() => readFrozen(dir, markOf(frozen), turns.slice(1)), refusal);
  const whole: TensorData = { dtype: "I64", shape: [2], data: new Uint8Array(16) };
  writeSafetensors(join(dir, "frozen.safetensors"), new Map([["values", whole]]));
  assert.throws(() => readFrozen(dir, markOf(frozen), turns), refusal);
});
