/** An ONNX model on disk: the graph, and its tensors inside of it or in a file beside it. */

import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { replaceFile } from "../../../../store/atomicFile.ts";
import { writeAll } from "../../safetensors.ts";
import { encodeModel, type GraphProto, type InitializerProto, type StoredProto, type ValueProto } from "../proto.ts";

/** Ending that transformers.js expects of the file beside a model. */
const DATA_ENDING = "_data";
/** Tensors of more bytes in all lie beside the graph. Protobuf itself ends at 2 GiB, and browsers copy a graph several times. */
const MOST_INSIDE = 64 * 2 ** 20;
/** Tensors begin at pages of memory, so that the runtime can map them instead of reading them. */
const PAGE = 4096;

/** A tensor that is made when it is written, and not kept. */
export interface LateInitializer extends ValueProto {
  byteLength: number;
  make(): InitializerProto["data"];
}

/**
 * Writes `path`, and `path_data` where that is needed; says whether it was.
 * @param mostInside bytes of tensors that may lie inside of the graph
 */
export function writeOnnx(
  path: string,
  graph: GraphProto,
  weights: readonly LateInitializer[],
  mostInside = MOST_INSIDE,
): boolean {
  const tensors = [...graph.initializers.map(late), ...weights];
  const inside = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0) <= mostInside;
  // The runtime needs reshape targets and the like to reason about the graph, and they are small.
  const [stored, kept] = inside ? [[], tensors] : [tensors.filter(isLarge), tensors.filter((one) => !isLarge(one))];
  const data = path + DATA_ENDING;
  const places = placed(stored, basename(data));
  if (stored.length > 0) {
    replaceFile(data, (fd) => {
      let end = 0;
      for (const [index, tensor] of stored.entries()) {
        const { offset } = places[index] as StoredProto;
        writeAll(fd, new Uint8Array(offset - end));
        writeAll(fd, bytesOf(tensor));
        end = offset + tensor.byteLength;
      }
    });
  }
  const initializers = kept.map(({ make, name, dtype, shape }) => ({ name, dtype, shape, data: make() }));
  const model = encodeModel({ ...graph, initializers, stored: places });
  replaceFile(path, (fd) => writeFileSync(fd, model));
  return stored.length > 0;
}

const isLarge = ({ byteLength }: LateInitializer): boolean => byteLength >= PAGE;

function late({ data, name, dtype, shape }: InitializerProto): LateInitializer {
  return { name, dtype, shape, byteLength: data.byteLength, make: () => data };
}

function placed(tensors: readonly LateInitializer[], location: string): StoredProto[] {
  let end = 0;
  return tensors.map(({ name, dtype, shape, byteLength }) => {
    const offset = Math.ceil(end / PAGE) * PAGE;
    end = offset + byteLength;
    return { name, dtype, shape, location, offset, byteLength };
  });
}

function bytesOf(tensor: LateInitializer): Uint8Array {
  const data = tensor.make();
  if (data.byteLength !== tensor.byteLength)
    throw new RangeError(`tensor "${tensor.name}": ${data.byteLength} bytes instead of ${tensor.byteLength}`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
