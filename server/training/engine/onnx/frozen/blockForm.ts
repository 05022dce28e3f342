/** Matrices in blocks of 4-bit integers. */
import type { BlockSize } from "../../../../../schemas/adapter.ts";
import { blockLinear, type GraphBlocks, packedShape } from "./blockLinear.ts";
import { type Blocks, blockShapes, dequantize, quantize } from "./blocks.ts";
import type { Form } from "./form.ts";

export function inBlocks(block: BlockSize): Form {
  return {
    called: "4 bits",
    parts: ({ out, input }, target) => {
      const { scales, zeros } = blockShapes(out, input, block);
      return [
        { name: "packed", shape: packedShape(target, out, input, block), dtype: "uint8" },
        { name: "scales", shape: scales, dtype: "float32" },
        { name: "zeros", shape: zeros, dtype: "uint8" },
      ];
    },
    keep: (weight, { input }, allocate) => {
      const { packed, scales, zeros } = quantize(weight, input, block, allocate);
      return [packed, scales, zeros];
    },
    read: ([packed, scales, zeros]) => dequantize({ packed, scales, zeros } as Blocks),
    linear: (graph, x, [packed, scales, zeros], size, bias) =>
      blockLinear(graph, x, { packed, scales, zeros, ...size, block } as GraphBlocks, bias),
  };
}
