/**
 * The header of a safetensors file: 8 bytes of length (little-endian), then JSON that maps each name to its dtype, shape
 * and place in the bytes that follow (https://github.com/huggingface/safetensors, "Format"). A header is hostile until
 * every claim in it is checked: what passes here can be read without another look.
 */
import { visit } from "jsonc-parser";
import { InputError } from "../../../schemas/problem.ts";
import { plain, showValue } from "../../toolcalls/display.ts";
import { isJsonObject, MAX_DEPTH, nestsDeeperThan } from "../../toolcalls/json.ts";
import { elements } from "./shapes.ts";

/** Bytes of one value. */
export const bytesOf = { F32: 4, F16: 2, BF16: 2, I32: 4, I64: 8, U8: 1 } as const;

export type TensorType = keyof typeof bytesOf;

/** What weights may be of. */
export const FLOATS: ReadonlySet<TensorType> = new Set(["F32", "F16", "BF16"]);

export interface TensorEntry {
  dtype: TensorType;
  /** Sizes of the dimensions, each ≥ 0; empty for a scalar. */
  shape: readonly number[];
  /** Where its bytes begin in the file. */
  position: number;
  byteLength: number;
}

export interface Header {
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

/** The reference implementation's own limit: a longer header is a lie or an attack, not a model. */
export const maxHeaderBytes = 100_000_000;
const metadataKey = "__metadata__";

/** Values in a tensor of this shape, or undefined where the product is not a safe integer. */
function countOf(shape: readonly number[]): number | undefined {
  const count = elements(shape);
  return Number.isSafeInteger(count) ? count : undefined;
}

export function byteLengthOf(dtype: TensorType, shape: readonly number[]): number | undefined {
  const count = countOf(shape);
  const bytes = count === undefined ? Number.NaN : count * bytesOf[dtype];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The first key that stands twice in one object; JSON.parse would silently keep the later one. The visitor recurses. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  let repeated: string | undefined;
  visit(json, {
    onObjectBegin: () => {
      open.push(new Set());
    },
    onObjectEnd: () => {
      open.pop();
    },
    onObjectProperty: (name) => {
      const names = open.at(-1);
      if (names?.has(name)) repeated ??= name;
      names?.add(name);
    },
  });
  return repeated;
}

function parseJson(json: string, file: string): Record<string, unknown> {
  if (nestsDeeperThan(json, MAX_DEPTH)) {
    throw new InputError(`${file} is not a safetensors file: its header is nested deeper than ${MAX_DEPTH} levels.`, {
      file,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new InputError(`${file} is not a safetensors file: its header is not JSON.`, { file });
  }
  if (!isJsonObject(value)) {
    throw new InputError(`${file} is not a safetensors file: its header is not a JSON object.`, { file });
  }
  const repeated = repeatedKey(json);
  if (repeated !== undefined) {
    throw new InputError(`the header of ${file} names "${plain(repeated)}" twice.`, { file, key: plain(repeated) });
  }
  return value;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isJsonObject(value) || !Object.values(value).every((text) => typeof text === "string")) {
    throw new InputError(`${metadataKey} in ${file} must be an object of strings.`, { file, key: metadataKey });
  }
  return { ...(value as Record<string, string>) };
}

function parseEntry(name: string, value: unknown, file: string, dataStart: number, fileSize: number): TensorEntry {
  const refuse = (what: string): InputError =>
    new InputError(`tensor "${plain(name)}" in ${file} ${what}.`, { file, key: plain(name) });
  if (!isJsonObject(value)) throw refuse("is not described by an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(bytesOf, dtype)) {
    throw refuse(`has dtype ${showValue(dtype)}; readable are ${Object.keys(bytesOf).join(", ")}`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) throw refuse("has a shape that is not a list of sizes");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw refuse("has data_offsets that are not two byte positions");
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) throw refuse(`ends (${end}) before it begins (${begin})`);
  if (dataStart + end > fileSize) {
    throw refuse(`reaches to byte ${dataStart + end} of a file of ${fileSize} bytes; the file is cut short or damaged`);
  }
  const expected = byteLengthOf(dtype as TensorType, shape);
  if (expected !== end - begin) {
    throw refuse(
      `has ${end - begin} bytes, but ${dtype} of shape [${plain(shape.join(", "))}] needs ${expected ?? "too many"}`,
    );
  }
  return { dtype: dtype as TensorType, shape, position: dataStart + begin, byteLength: expected };
}

/** The format wants every byte to belong to exactly one tensor: no overlap, no gap, nothing after the last. */
function checkCoverage(
  tensors: ReadonlyMap<string, TensorEntry>,
  file: string,
  dataStart: number,
  fileSize: number,
): void {
  const inOrder = [...tensors].sort(([, a], [, b]) => a.position - b.position || a.byteLength - b.byteLength);
  let reached = dataStart;
  let before = "";
  for (const [name, { position, byteLength }] of inOrder) {
    if (position < reached) {
      throw new InputError(`tensors "${plain(before)}" and "${plain(name)}" in ${file} overlap.`, {
        file,
        key: plain(name),
      });
    }
    if (position > reached) {
      throw new InputError(
        `${file} has ${position - reached} bytes before tensor "${plain(name)}" that no tensor owns.`,
        {
          file,
          key: plain(name),
        },
      );
    }
    reached = position + byteLength;
    before = name;
  }
  if (reached !== fileSize) {
    throw new InputError(`${file} has ${fileSize - reached} bytes after its last tensor that no tensor owns.`, {
      file,
    });
  }
}

/**
 * Checks and reads a header.
 *
 * @param bytes the JSON, without the 8 bytes of length
 * @param fileSize of the whole file, bytes
 * @throws InputError naming the file and the tensor whose claim does not hold
 */
export function parseHeader(bytes: Uint8Array, file: string, fileSize: number): Header {
  let json: string;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${file} is not a safetensors file: its header is not UTF-8 text.`, { file });
  }
  const value = parseJson(json, file);
  const dataStart = 8 + bytes.length;
  const tensors = new Map<string, TensorEntry>();
  for (const [name, entry] of Object.entries(value)) {
    if (name !== metadataKey) tensors.set(name, parseEntry(name, entry, file, dataStart, fileSize));
  }
  checkCoverage(tensors, file, dataStart, fileSize);
  return { tensors, metadata: parseMetadata(value[metadataKey], file) };
}

/**
 * Lays tensors out one after the other, widest values first, so that each begins at a multiple of its value's size.
 *
 * @returns the length field and the JSON, padded with spaces to a multiple of 8 bytes, and the names in file order
 */
export function encodeHeader(
  tensors: ReadonlyMap<string, { dtype: TensorType; shape: readonly number[]; byteLength: number }>,
  metadata: Record<string, string> | undefined,
): { bytes: Uint8Array; order: string[] } {
  const order = [...tensors]
    .sort(([a, x], [b, y]) => bytesOf[y.dtype] - bytesOf[x.dtype] || (a < b ? -1 : 1))
    .map(([name]) => name);
  // No prototype: a tensor called __proto__ is written like any other.
  const header: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (metadata) header[metadataKey] = metadata;
  let offset = 0;
  for (const name of order) {
    const { dtype, shape, byteLength } = tensors.get(name) as {
      dtype: TensorType;
      shape: number[];
      byteLength: number;
    };
    header[name] = { dtype, shape, data_offsets: [offset, offset + byteLength] };
    offset += byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return { bytes, order };
}
