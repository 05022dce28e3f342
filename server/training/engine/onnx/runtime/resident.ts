/** Tensors that live on the device between runs, and the account of what is there and what has crossed the border. */
import type { Tensor } from "onnxruntime-node";

/** A result that stayed on the device. Whoever holds it disposes of it: no collector knows of the device's memory. */
export interface Resident {
  readonly tensor: Tensor;
  dispose(): void;
}

/** Everything that an engine's sessions have left on the device. Tensors die before the sessions that made them. */
export class DeviceMemory {
  readonly #live = new Set<Resident>();
  /** Bytes of inputs and results that have crossed so far; reshape targets do not: kernels read them on the host. */
  toDevice = 0;
  toHost = 0;

  /** Tensors that nobody has disposed of. */
  get tensors(): number {
    return this.#live.size;
  }

  /** What they take, the runtime's rounding up left out. */
  get bytes(): number {
    return [...this.#live].reduce((sum, { tensor }) => sum + tensor.size * bytesPerElement(tensor), 0);
  }

  hold(tensor: Tensor): Resident {
    const resident: Resident = {
      tensor,
      dispose: () => {
        if (this.#live.delete(resident)) tensor.dispose();
      },
    };
    this.#live.add(resident);
    return resident;
  }

  dispose(): void {
    for (const resident of [...this.#live]) resident.dispose();
  }
}

const BYTES: Partial<Record<Tensor.Type, number>> = { int64: 8, float16: 2, uint8: 1 };
const bytesPerElement = ({ type }: Tensor) => BYTES[type] ?? 4;
