/** An ONNX model on disk: the graph, and its tensors inside of it or in files beside it. */
import { basename, dirname, join } from "node:path";
import { replaceFile } from "../../../../store/atomicFile.ts";
import { writeAll } from "../../safetensors.ts";
import {
  encodeModel,
  type GraphProto,
  type InitializerProto,
  type StoredProto,
  type ValueProto,
} from "../graph/proto.ts";

/** Bounds in bytes, smaller in tests. */
export interface FileBounds {
  /** Of tensors inside of the graph; where they have more in all, the large ones lie in files beside it. */
  inside: number;
  /** Of one such file, unless a single tensor has more. */
  file: number;
}

/** Protobuf itself ends at 2 GiB, and browsers copy a graph several times; their buffers end at 2 GiB too. */
const BOUNDS: FileBounds = { inside: 2 ** 26, file: 2 ** 30 };
/** Tensors begin at pages of memory, so that the runtime can map them instead of reading them. */
const PAGE = 4096;

/** A tensor that is made when it is written, and not kept. */
export interface LateInitializer extends ValueProto {
  byteLength: number;
  make(): InitializerProto["data"];
}

/**
 * Writes `path`, and as many of `path_data`, `path_data_1`, … as it takes, which are the names that transformers.js looks for.
 * @returns how many
 */
export function writeOnnx(
  path: string,
  graph: GraphProto,
  weights: readonly LateInitializer[],
  { inside, file }: FileBounds = BOUNDS,
): number {
  const tensors = [...graph.initializers.map(late), ...weights];
  const bytes = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0);
  // The runtime needs reshape targets and the like to reason about the graph, and they are small.
  const beside = bytes <= inside ? [] : tensors.filter(isLarge);
  const placed = [...placedIn(beside, basename(path), file)];
  const files = Map.groupBy(placed, ({ place }) => place.location);
  for (const [name, ofFile] of files) writeData(join(dirname(path), name), ofFile);
  const initializers = tensors
    .filter((tensor) => !beside.includes(tensor))
    .map(({ make, name, dtype, shape }) => ({ name, dtype, shape, data: make() }));
  const model = encodeModel({ ...graph, initializers, stored: placed.map(({ place }) => place) });
  replaceFile(path, (fd) => writeAll(fd, model));
  return files.size;
}

interface Placed {
  tensor: LateInitializer;
  place: StoredProto;
}

function* placedIn(tensors: readonly LateInitializer[], name: string, most: number): Generator<Placed> {
  let [number, end] = [0, 0];
  for (const tensor of tensors) {
    const { name: of, dtype, shape, byteLength } = tensor;
    let offset = Math.ceil(end / PAGE) * PAGE;
    if (offset > 0 && offset + byteLength > most) [number, offset] = [number + 1, 0];
    end = offset + byteLength;
    const location = `${name}_data${number === 0 ? "" : `_${number}`}`;
    yield { tensor, place: { name: of, dtype, shape, location, offset, byteLength } };
  }
}

function writeData(path: string, placed: readonly Placed[]): void {
  replaceFile(path, (fd) => {
    let end = 0;
    for (const { tensor, place } of placed) {
      writeAll(fd, new Uint8Array(place.offset - end));
      writeAll(fd, bytesOf(tensor));
      end = place.offset + tensor.byteLength;
    }
  });
}

const isLarge = ({ byteLength }: LateInitializer): boolean => byteLength >= PAGE;

function late({ data, name, dtype, shape }: InitializerProto): LateInitializer {
  return { name, dtype, shape, byteLength: data.byteLength, make: () => data };
}

function bytesOf(tensor: LateInitializer): Uint8Array {
  const data = tensor.make();
  if (data.byteLength !== tensor.byteLength)
    throw new RangeError(`tensor "${tensor.name}": ${data.byteLength} bytes instead of ${tensor.byteLength}`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
