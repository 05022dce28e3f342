import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import fc from "fast-check";
import { InputError } from "../../../schemas/problem.ts";
import { assertToldInertly, BAD_NAMES, inertFaultOf } from "../../toolcalls/testing/names.ts";
import {
  asFloat32,
  type LateTensor,
  openSafetensors,
  readSafetensors,
  type TensorData,
  toBfloat16,
  writeSafetensors,
} from "./safetensors.ts";
import { bytesOf } from "./safetensorsHeader.ts";

const dir = mkdtempSync(join(tmpdir(), "safetensors-"));
after(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, "a.safetensors");

const rawBytes = ({ data }: TensorData): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const tensor: fc.Arbitrary<TensorData> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(bytesOf) as TensorData["dtype"][])),
    shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1) * bytesOf[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
  });
const name = fc
  .oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("__proto__", "constructor", "7"))
  .filter((text) => text !== "__metadata__");
const tensors = fc.array(fc.tuple(name, tensor), { maxLength: 6 }).map((entries) => new Map(entries));

test("a tensor that is made when its turn has come gives the same file, and one of another size is refused", () => {
  const data = Float32Array.of(1, -2, 3);
  const [now, late] = [join(dir, "now.safetensors"), join(dir, "late.safetensors")];
  writeSafetensors(now, new Map([["w", { dtype: "F32", shape: [3], data }]]));
  writeSafetensors(late, new Map([["w", { dtype: "F32", shape: [3], make: () => data }]]));
  assert.deepEqual(readFileSync(late), readFileSync(now));
  const wrong: LateTensor = { dtype: "F32", shape: [4], make: () => data };
  assert.throws(() => writeSafetensors(late, new Map([["w", wrong]])), RangeError);
  assert.deepEqual(readFileSync(late), readFileSync(now), "the file that was there stays");
  for (const path of [now, late]) rmSync(path);
});

test("what is written is read again, bit for bit", () => {
  fc.assert(
    fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (written, metadata) => {
      writeSafetensors(file, written, metadata);
      const read = readSafetensors(file);
      assert.deepEqual({ ...read.metadata }, { ...metadata });
      assert.deepEqual(new Set(read.tensors.keys()), new Set(written.keys()));
      for (const [key, { dtype, shape, data }] of written) {
        const back = read.tensors.get(key) as TensorData;
        assert.deepEqual([back.dtype, back.shape], [dtype, shape]);
        assert.deepEqual(rawBytes(back), Buffer.from(data));
        assert.equal(back.data instanceof Float32Array, dtype === "F32");
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});

test("bytes depend on content alone, and each tensor begins at a multiple of its value's size", () => {
  fc.assert(
    fc.property(tensors, (written) => {
      writeSafetensors(file, written);
      const bytes = readFileSync(file);
      writeSafetensors(file, new Map([...written].reverse()));
      assert.deepEqual(readFileSync(file), bytes);
      assert.equal(bytes.readBigUInt64LE(0) % 8n, 0n);
      using open = openSafetensors(file);
      for (const { dtype, position } of open.tensors.values()) assert.equal(position % bytesOf[dtype], 0);
    }),
    { seed: 12, numRuns: 60 },
  );
});

test("the layout is the documented one", () => {
  writeSafetensors(file, new Map([["w", { dtype: "F32", shape: [1, 2], data: Float32Array.of(1, -2) }]]), {
    format: "pt",
  });
  const json = '{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const expected = Buffer.concat([
    Buffer.from([88, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from(json.padEnd(88, " ")),
    Buffer.from("0000803f000000c0", "hex"),
  ]);
  assert.deepEqual(readFileSync(file), expected);
  assert.deepEqual(readdirSync(dir), ["a.safetensors"], "nothing is left beside it");
});

test("one tensor is read without the others", () => {
  writeSafetensors(
    file,
    new Map<string, TensorData>([
      ["a", { dtype: "I64", shape: [2], data: new Uint8Array(16).fill(3) }],
      ["b", { dtype: "U8", shape: [3], data: Uint8Array.of(7, 8, 9) }],
    ]),
  );
  using open = openSafetensors(file);
  assert.deepEqual(open.read("b"), { dtype: "U8", shape: [3], data: Uint8Array.of(7, 8, 9) });
  assert.equal(open.read("b").data.buffer.byteLength, 3);
  assert.throws(() => open.read("c"), /has no tensor "c"/);
});

test("16-bit floats widen, from bytes at odd places too", () => {
  const values = Float32Array.of(1.5, -0, 1e-3, 300);
  const rounded = toBfloat16(values);
  const shifted = new Uint8Array(9);
  shifted.set(rounded, 1);
  const shape = [4];
  const expected = asFloat32({ dtype: "BF16", shape, data: rounded });
  assert.deepEqual([...expected], [1.5, -0, 0.00099945068359375, 300]);
  assert.deepEqual(asFloat32({ dtype: "BF16", shape, data: shifted.subarray(1) }), expected);
  assert.deepEqual([...asFloat32({ dtype: "F16", shape: [1], data: Uint8Array.of(0x00, 0x3e) })], [1.5]);
  const odd = Buffer.concat([Buffer.of(0), Buffer.from(values.buffer)]).subarray(1);
  assert.deepEqual(asFloat32({ dtype: "F32", shape, data: odd }), values);
  assert.throws(() => asFloat32({ dtype: "I32", shape: [1], data: new Uint8Array(4) }), RangeError);
});

test("floats are read into the array of the caller, and nowhere beyond it", () => {
  const values = Float32Array.of(1.5, -0, 300);
  const half = { shape: [3], data: Uint8Array.of(0x00, 0x3e, 0x00, 0x80, 0xb0, 0x5c) };
  writeSafetensors(
    file,
    new Map<string, TensorData>([
      ["f32", { dtype: "F32", shape: [3], data: values }],
      ["bf16", { dtype: "BF16", shape: [3], data: toBfloat16(values) }],
      ["f16", { dtype: "F16", ...half }],
      ["i32", { dtype: "I32", shape: [3], data: new Uint8Array(12) }],
    ]),
  );
  using open = openSafetensors(file);
  for (const name of ["f32", "bf16", "f16"]) {
    const around = new Float32Array(5).fill(7);
    open.readFloats(name, around.subarray(1, 4));
    assert.deepEqual([...around], [7, 1.5, -0, 300, 7], name);
    assert.throws(() => open.readFloats(name, around), RangeError);
  }
  assert.throws(() => open.readFloats("i32", new Float32Array(3)), RangeError);
});

test("a tensor comes in pieces of the size asked for, the last of what is left", () => {
  const data = Uint8Array.from({ length: 10 }, (_, i) => i);
  const empty: TensorData = { dtype: "U8", shape: [0], data: new Uint8Array(0) };
  writeSafetensors(
    file,
    new Map<string, TensorData>([
      ["a", { dtype: "U8", shape: [10], data }],
      ["b", empty],
    ]),
  );
  using open = openSafetensors(file);
  const pieces = Array.from(open.pieces("a", 4), (piece) => [...piece]);
  assert.deepEqual(pieces, [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  assert.deepEqual([...open.pieces("b", 4)], []);
});

test("what cannot be written is refused before a byte is", () => {
  rmSync(file);
  const write = (key: string, data: TensorData): void => writeSafetensors(file, new Map([[key, data]]));
  assert.throws(() => write("w", { dtype: "F32", shape: [3], data: new Float32Array(2) }), /"w": 8 bytes are not F32/);
  assert.throws(
    () => write("w", { dtype: "BF16", shape: [2], data: new Float32Array(1) }),
    /"w": BF16 needs raw bytes/,
  );
  assert.throws(() => write("__metadata__", { dtype: "U8", shape: [], data: new Uint8Array(1) }), RangeError);
  assert.deepEqual(readdirSync(dir), []);
});

function forge(header: string | Buffer, data = Buffer.alloc(0), claimed?: bigint): void {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(Buffer.byteLength(header)));
  writeFileSync(file, Buffer.concat([length, Buffer.from(header), data]));
}
const described = (dtype: string, shape: unknown, offsets: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

const lies: [string, () => void, RegExp][] = [
  ["a file of three bytes", () => writeFileSync(file, "abc"), /only 3 bytes/],
  ["a header beyond the file", () => forge("{}", undefined, 500n), /header of 500 bytes but has only 10/],
  [
    "a header beyond all reason",
    () => forge("{}", undefined, 2n ** 63n),
    /header of 9223372036854775808 bytes; at most/,
  ],
  ["a header that is not JSON", () => forge("{nope"), /is not JSON/],
  ["a header that is a list", () => forge("[1]"), /not a JSON object/],
  ["a header that is not text", () => forge(Buffer.from([0x7b, 0xff, 0x7d])), /not UTF-8/],
  ["metadata that is not text", () => forge('{"__metadata__":{"a":1}}'), /__metadata__ .* object of strings/],
  [
    "a tensor named twice",
    () => forge(`{"w":${described("U8", [0], [0, 0])},"w":${described("U8", [0], [0, 0])}}`),
    /"w" twice/,
  ],
  ["two shapes", () => forge('{"w":{"dtype":"U8","shape":[0],"shape":[1],"data_offsets":[0,0]}}'), /"shape" twice/],
  ["a tensor that is a number", () => forge('{"w":4}'), /tensor "w" .* not described by an object/],
  ["an unknown dtype", () => forge(`{"w":${described("F64", [1], [0, 8])}}`, Buffer.alloc(8)), /tensor "w" .* "F64"/],
  [
    "a dtype of the prototype",
    () => forge(`{"w":${described("toString", [1], [0, 8])}}`, Buffer.alloc(8)),
    /"toString"/,
  ],
  [
    "a negative size",
    () => forge(`{"w":${described("U8", [-1], [0, 1])}}`, Buffer.alloc(1)),
    /tensor "w" .* list of sizes/,
  ],
  [
    "a size too large",
    () => forge(`{"w":${described("U8", [2 ** 40, 2 ** 40], [0, 1])}}`, Buffer.alloc(1)),
    /needs too many/,
  ],
  [
    "offsets that are not two",
    () => forge(`{"w":${described("U8", [1], [0])}}`, Buffer.alloc(1)),
    /two byte positions/,
  ],
  [
    "an end before the beginning",
    () => forge(`{"w":${described("U8", [1], [2, 1])}}`, Buffer.alloc(2)),
    /before it begins/,
  ],
  [
    "an offset beyond the file",
    () => forge(`{"w":${described("U8", [9], [0, 9])}}`, Buffer.alloc(4)),
    /"w" .* cut short/,
  ],
  [
    "a size that is not shape times dtype",
    () => forge(`{"w":${described("F32", [2], [0, 4])}}`, Buffer.alloc(4)),
    /4 bytes, but F32 of shape \[2\] needs 8/,
  ],
  [
    "overlapping tensors",
    () => forge(`{"v":${described("U8", [2], [0, 2])},"w":${described("U8", [2], [1, 3])}}`, Buffer.alloc(3)),
    /tensors "v" and "w" .* overlap/,
  ],
  [
    "a gap",
    () => forge(`{"v":${described("U8", [1], [0, 1])},"w":${described("U8", [1], [2, 3])}}`, Buffer.alloc(3)),
    /1 bytes before tensor "w"/,
  ],
  [
    "bytes after the end",
    () => forge(`{"w":${described("U8", [1], [0, 1])}}`, Buffer.alloc(3)),
    /2 bytes after its last/,
  ],
];

for (const [what, make, message] of lies) {
  test(`refused: ${what}`, () => {
    make();
    assert.throws(
      () => readSafetensors(file),
      (error) => error instanceof InputError && error.message.includes(file) && message.test(error.message),
    );
  });
}

/** Each fault that is told with the name of a tensor, in a header that has it. */
const told: [string, (name: string) => void][] = [
  ["named twice", (key) => forge(`{${key}:${described("U8", [0], [0, 0])},${key}:${described("U8", [0], [0, 0])}}`)],
  ["a key of a tensor twice", (key) => forge(`{"w":{${key}:1,${key}:2}}`)],
  ["no object", (key) => forge(`{${key}:4}`)],
  ["an unknown dtype", (key) => forge(`{${key}:${described("F64", [1], [0, 8])}}`, Buffer.alloc(8))],
  ["no shape", (key) => forge(`{${key}:${described("U8", "x", [0, 1])}}`, Buffer.alloc(1))],
  ["no offsets", (key) => forge(`{${key}:${described("U8", [1], [0])}}`, Buffer.alloc(1))],
  ["an end before the beginning", (key) => forge(`{${key}:${described("U8", [1], [2, 1])}}`, Buffer.alloc(2))],
  ["beyond the file", (key) => forge(`{${key}:${described("U8", [9], [0, 9])}}`, Buffer.alloc(4))],
  ["another size", (key) => forge(`{${key}:${described("F32", [2], [0, 4])}}`, Buffer.alloc(4))],
  [
    "overlapping the one behind it",
    (key) => forge(`{${key}:${described("U8", [2], [0, 2])},"w":${described("U8", [2], [1, 3])}}`, Buffer.alloc(3)),
  ],
  [
    "overlapping the one before it",
    (key) => forge(`{"w":${described("U8", [2], [0, 2])},${key}:${described("U8", [2], [1, 3])}}`, Buffer.alloc(3)),
  ],
  ["behind a gap", (key) => forge(`{${key}:${described("U8", [1], [1, 2])}}`, Buffer.alloc(2))],
  ["a dtype by that name", (key) => forge(`{"w":{"dtype":${key},"shape":[1],"data_offsets":[0,1]}}`, Buffer.alloc(1))],
];

for (const bad of BAD_NAMES) {
  for (const [what, make] of told) {
    test(`told inert and short, with ${bad.what} in its name: a tensor ${what}`, () => {
      make(JSON.stringify(bad.name));
      assertToldInertly(bad, () => readSafetensors(file));
    });
  }

  test(`told inert and short, with ${bad.what} in its name: a tensor that is not there`, () => {
    writeSafetensors(file, new Map());
    using open = openSafetensors(file);
    assertToldInertly(bad, () => open.read(bad.name));
  });
}

test("a shape of many dimensions is told in short", () => {
  const shape = new Array(50_000).fill(1);
  forge(`{"w":${described("F32", shape, [0, 8])}}`, Buffer.alloc(8));
  assert.match(
    inertFaultOf(() => readSafetensors(file)),
    /tensor "w" .* has 8 bytes, but F32 of shape \[1, 1, .*…\]/,
  );
});

test("a header that is nested without end is refused before anything walks through it", () => {
  for (const [open, close] of [
    ["[", "]"],
    [`{"a":`, "}"],
  ] as const) {
    forge(`{"__metadata__":${open.repeat(100_000)}${open === "[" ? "" : "1"}${close.repeat(100_000)}}`);
    assert.match(
      inertFaultOf(() => readSafetensors(file)),
      /nested deeper than 100 levels/,
    );
  }
});

test("refused: a file that is not there, and a folder", () => {
  assert.throws(() => readSafetensors(join(dir, "none")), /none does not exist/);
  assert.throws(() => readSafetensors(dir), InputError);
});

test("a file cut at any byte is refused", () => {
  writeSafetensors(file, new Map([["w", { dtype: "F32", shape: [4], data: new Float32Array(4) }]]));
  for (let size = statSync(file).size - 1; size >= 0; size--) {
    truncateSync(file, size);
    assert.throws(() => readSafetensors(file), InputError, `at ${size} bytes`);
  }
});
