import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";
import { InputError } from "../../../schemas/problem.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../../toolcalls/testing/names.ts";
import { openModelWeights } from "./modelWeights.ts";
import { type TensorData, writeSafetensors } from "./safetensors.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "weights-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const vector = (...values: number[]): TensorData => ({
  dtype: "F32",
  shape: [values.length],
  data: Float32Array.from(values),
});

function shards(weightMap: Record<string, unknown>): void {
  writeSafetensors(
    join(dir, "model-1.safetensors"),
    new Map([
      ["a", vector(1)],
      ["b", vector(2, 3)],
    ]),
  );
  writeSafetensors(join(dir, "model-2.safetensors"), new Map([["c", vector(4)]]));
  const index = { metadata: { total_size: 16 }, weight_map: weightMap };
  writeFileSync(join(dir, "model.safetensors.index.json"), JSON.stringify(index));
}

const whole = { a: "model-1.safetensors", b: "model-1.safetensors", c: "model-2.safetensors" };

test("one file", () => {
  writeSafetensors(join(dir, "model.safetensors"), new Map([["a", vector(1, 2)]]));
  using weights = openModelWeights(dir);
  assert.deepEqual(weights.tensors.get("a")?.shape, [2]);
  assert.deepEqual(weights.read("a"), vector(1, 2));
  assert.throws(() => weights.read("b"), /has no tensor "b"/);
});

test("shards read as one model", () => {
  shards(whole);
  using weights = openModelWeights(dir);
  assert.deepEqual([...weights.tensors.keys()], ["a", "b", "c"]);
  assert.deepEqual(weights.read("b"), vector(2, 3));
  assert.deepEqual(weights.read("c"), vector(4));
});

test("floats of a shard are read into the caller's array", () => {
  shards(whole);
  using weights = openModelWeights(dir);
  const values = new Float32Array(2);
  weights.readFloats("b", values);
  assert.deepEqual(values, Float32Array.of(2, 3));
});

test("two tensors are the same by type, shape and every byte, wherever they lie", () => {
  const long = (last: number) => {
    const values = Float32Array.from({ length: 400_000 }, (_, i) => i);
    values[values.length - 1] = last;
    return values;
  };
  const tensor = (values: Float32Array, shape = [values.length]): TensorData => ({ dtype: "F32", shape, data: values });
  writeSafetensors(
    join(dir, "model.safetensors"),
    new Map([
      ["a", tensor(long(1))],
      ["equal", tensor(long(1))],
      ["last differs", tensor(long(2))],
      ["shape differs", tensor(long(1), [2, 200_000])],
      ["type differs", { dtype: "I32", shape: [400_000], data: new Uint8Array(long(1).buffer) }],
    ]),
  );
  using weights = openModelWeights(dir);
  assert.equal(weights.same("a", "equal"), true);
  for (const other of ["last differs", "shape differs", "type differs"]) assert.equal(weights.same("a", other), false);
});

const refused = (message: RegExp): void =>
  assert.throws(
    () => openModelWeights(dir),
    (error) => error instanceof InputError && message.test(error.message),
  );

test("a missing shard is named", () => {
  shards(whole);
  rmSync(join(dir, "model-2.safetensors"));
  refused(/shard model-2\.safetensors is missing/);
});

test("a tensor that is not in its shard is named", () => {
  shards({ ...whole, d: "model-2.safetensors" });
  refused(/model-2\.safetensors has no tensor "d"/);
});

test("a shard outside the folder is refused", () => {
  for (const outside of ["../x.safetensors", "/etc/passwd", "..\\x.safetensors", "", 5]) {
    shards({ ...whole, c: outside });
    refused(/file name in the same folder is needed/);
  }
});

for (const bad of BAD_NAMES) {
  test(`told inert and short: a tensor, or a shard, with ${bad.what} in its name`, () => {
    const told = (weightMap: Record<string, unknown>): void => {
      shards(weightMap);
      assertToldInertly(bad, () => openModelWeights(dir).close());
    };
    told({ ...whole, [bad.name]: 5 });
    told({ ...whole, [bad.name]: "model-3.safetensors" });
    told({ ...whole, [bad.name]: "model-1.safetensors" });
    told({ ...whole, c: bad.name });
    told({ ...whole, c: `../${bad.name}` });
    shards(whole);
    using weights = openModelWeights(dir);
    assertToldInertly(bad, () => weights.read(bad.name));
  });
}

test("an index that is no JSON is quoted inert and short", () => {
  for (const { name } of BAD_NAMES) {
    writeFileSync(join(dir, "model.safetensors.index.json"), name);
    assert.match(
      inertFaultOf(() => openModelWeights(dir)),
      /index\.json is not JSON/,
    );
  }
});

test("weights in a pickle are named, not opened", () => {
  writeFileSync(join(dir, "pytorch_model.bin"), "");
  refused(/pytorch_model\.bin, a format that can run programs; save the model as safetensors/);
});

test("an index that is none, and a folder without weights", () => {
  refused(/neither model\.safetensors nor model\.safetensors\.index\.json/);
  writeFileSync(join(dir, "model.safetensors.index.json"), "{");
  refused(/is not JSON/);
  writeFileSync(join(dir, "model.safetensors.index.json"), '{"weight_map":[]}');
  refused(/no weight_map object/);
});
