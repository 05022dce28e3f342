/**
 * Tensors on disk in the safetensors format: whole files, and one tensor at a time. Data is little-endian, as is every
 * machine that ONNX Runtime runs on, so values are moved as they lie.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { InputError } from "../../../schemas/problem.ts";
import { replaceFile } from "../../store/atomicFile.ts";
import { plain } from "../../toolcalls/display.ts";
import { widenBfloat16, widenFloat16 } from "./halfFloats.ts";
import {
  byteLengthOf,
  bytesOf,
  encodeHeader,
  type Header,
  maxHeaderBytes,
  parseHeader,
  type TensorEntry,
  type TensorType,
} from "./safetensorsHeader.ts";

export { toBfloat16 } from "./halfFloats.ts";

export interface TensorData {
  dtype: TensorType;
  shape: number[];
  /** F32 comes as Float32Array when read; every other dtype as its raw little-endian bytes. */
  data: Uint8Array | Float32Array;
}

/** A tensor to be written whose data is made when its turn has come, and is not kept. */
export interface LateTensor extends Omit<TensorData, "data"> {
  make(): TensorData["data"];
}

/** One read or write call moves at most this much: the system's own calls stop short of 2 GiB. */
const chunkBytes = 1 << 30;

function asBytes(data: TensorData["data"]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Values as f32: F32 itself without a copy where it is aligned, BF16 and F16 widened exactly.
 *
 * @throws RangeError for integer tensors, which no caller means to widen
 */
export function asFloat32(tensor: TensorData): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  const bytes = tensor.data;
  // Not bytes.slice(): a Node Buffer's slice is a view on the same, misaligned memory.
  const aligned = (size: number): Uint8Array => (bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes));
  if (tensor.dtype === "F32") {
    const { buffer, byteOffset, byteLength } = aligned(4);
    return new Float32Array(buffer, byteOffset, byteLength / 4);
  }
  if (tensor.dtype !== "BF16" && tensor.dtype !== "F16") throw new RangeError(`${tensor.dtype} is not a float type`);
  const { buffer, byteOffset, byteLength } = aligned(2);
  const values = new Float32Array(byteLength / 2);
  widen(tensor.dtype, new Uint16Array(buffer, byteOffset, values.length), values);
  return values;
}

const widen = (dtype: "BF16" | "F16", halves: Uint16Array, into: Float32Array): void =>
  dtype === "BF16" ? widenBfloat16(halves, into) : widenFloat16(halves, into);

/** Writes all bytes, in as many calls as it takes. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, Math.min(chunkBytes, bytes.length - done));
}

/**
 * Writes a file and syncs it; a file that was there stays until the new one is whole. The same tensors and metadata give
 * the same bytes, whatever the order of the map.
 *
 * @throws InputError on a full disk; RangeError where data does not fit dtype and shape
 */
export function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, TensorData | LateTensor>,
  metadata?: Record<string, string>,
): void {
  const sized = new Map<string, { dtype: TensorData["dtype"]; shape: number[]; byteLength: number }>();
  for (const [name, tensor] of tensors) {
    if (name === "__metadata__") throw new RangeError("a tensor cannot be called __metadata__");
    if ("data" in tensor) checkData(name, tensor, tensor.data);
    const { dtype, shape } = tensor;
    const byteLength = byteLengthOf(dtype, shape);
    if (byteLength === undefined)
      throw new RangeError(`tensor "${name}": no file holds the shape [${shape.join(", ")}]`);
    sized.set(name, { dtype, shape, byteLength });
  }
  const { bytes, order } = encodeHeader(sized, metadata);
  replaceFile(file, (fd) => {
    writeAll(fd, bytes);
    for (const name of order) {
      const tensor = tensors.get(name) as TensorData | LateTensor;
      const data = "data" in tensor ? tensor.data : tensor.make();
      checkData(name, tensor, data);
      writeAll(fd, asBytes(data));
    }
  });
}

function checkData(name: string, { dtype, shape }: Omit<TensorData, "data">, data: TensorData["data"]): void {
  if (data instanceof Float32Array && dtype !== "F32")
    throw new RangeError(`tensor "${name}": ${dtype} needs raw bytes`);
  if (byteLengthOf(dtype, shape) === data.byteLength) return;
  throw new RangeError(`tensor "${name}": ${data.byteLength} bytes are not ${dtype} of shape [${shape.join(", ")}]`);
}

/** An open file whose header has been checked; tensors are read when asked for. */
export class SafetensorsFile implements Disposable {
  readonly file: string;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly #fd: number;
  #open = true;

  constructor(file: string, fd: number, header: Header) {
    this.file = file;
    this.#fd = fd;
    this.tensors = header.tensors;
    this.metadata = header.metadata;
  }

  /** Reads one tensor into memory of its own. */
  read(name: string): TensorData {
    const { dtype, shape, position, byteLength } = this.#entry(name);
    const bytes = new Uint8Array(byteLength);
    readExactly(this.#fd, bytes, position, this.file);
    return { dtype, shape: [...shape], data: dtype === "F32" ? new Float32Array(bytes.buffer) : bytes };
  }

  /**
   * Reads one float tensor as f32 into an array of its length. No second copy is made: 16-bit values are read into the
   * upper half of the array and widened in place.
   *
   * @throws RangeError where the array has another length or the tensor holds integers
   */
  readFloats(name: string, into: Float32Array): void {
    const { dtype, position, byteLength } = this.#entry(name);
    if (into.length !== byteLength / bytesOf[dtype])
      throw new RangeError(`"${name}" does not have ${into.length} values`);
    const bytes = new Uint8Array(into.buffer, into.byteOffset + into.byteLength - byteLength, byteLength);
    if (dtype !== "F32" && dtype !== "BF16" && dtype !== "F16") throw new RangeError(`${dtype} is not a float type`);
    readExactly(this.#fd, bytes, position, this.file);
    if (dtype !== "F32") widen(dtype, new Uint16Array(bytes.buffer, bytes.byteOffset, into.length), into);
  }

  /** A tensor's bytes in pieces of at most `size`; each piece is overwritten by the next. */
  *pieces(name: string, size: number): Generator<Uint8Array> {
    const { position, byteLength } = this.#entry(name);
    const buffer = new Uint8Array(Math.min(size, byteLength));
    for (let done = 0; done < byteLength; done += buffer.length) {
      const piece = buffer.subarray(0, Math.min(buffer.length, byteLength - done));
      readExactly(this.#fd, piece, position + done, this.file);
      yield piece;
    }
  }

  #entry(name: string): TensorEntry {
    const entry = this.tensors.get(name);
    if (!entry)
      throw new InputError(`${this.file} has no tensor "${plain(name)}".`, { file: this.file, key: plain(name) });
    return entry;
  }

  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function readExactly(fd: number, bytes: Uint8Array, position: number, file: string): void {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, Math.min(chunkBytes, bytes.length - done), position + done);
    if (read === 0) throw new InputError(`${file} became shorter while it was read.`, { file });
    done += read;
  }
}

function openForReading(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const what = code === "ENOENT" ? "does not exist" : `cannot be opened (${code})`;
    throw new InputError(`${file} ${what}.`, { file });
  }
}

function readHeader(fd: number, file: string): Header {
  const stat = fstatSync(fd);
  if (!stat.isFile()) throw new InputError(`${file} is not a file.`, { file });
  if (stat.size < 8) {
    throw new InputError(`${file} is not a safetensors file: it has only ${stat.size} bytes.`, { file });
  }
  const length = new Uint8Array(8);
  readExactly(fd, length, 0, file);
  const headerBytes = new DataView(length.buffer).getBigUint64(0, true);
  if (headerBytes > BigInt(maxHeaderBytes)) {
    throw new InputError(`${file} claims a header of ${headerBytes} bytes; at most ${maxHeaderBytes} are allowed.`, {
      file,
    });
  }
  if (8n + headerBytes > BigInt(stat.size)) {
    throw new InputError(`${file} claims a header of ${headerBytes} bytes but has only ${stat.size} in all.`, { file });
  }
  const header = new Uint8Array(Number(headerBytes));
  readExactly(fd, header, 8, file);
  return parseHeader(header, file, stat.size);
}

/**
 * Opens a file and checks its header; the caller closes it.
 *
 * @throws InputError where the file is missing, cut short, or its header says what is not so
 */
export function openSafetensors(file: string): SafetensorsFile {
  const fd = openForReading(file);
  try {
    return new SafetensorsFile(file, fd, readHeader(fd, file));
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Reads a whole file, each tensor into memory of its own. Errors as openSafetensors. */
export function readSafetensors(file: string): {
  tensors: ReadonlyMap<string, TensorData>;
  metadata: Record<string, string>;
} {
  using open = openSafetensors(file);
  const tensors = new Map([...open.tensors.keys()].map((name) => [name, open.read(name)]));
  return { tensors, metadata: { ...open.metadata } };
}
