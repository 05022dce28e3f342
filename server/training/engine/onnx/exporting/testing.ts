/** Runs an exported graph as others do: by its inputs' names alone, with nothing of ours around it. */
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import type { ModelConfig } from "../model/modelConfig.ts";
import { pastName, presentName } from "./causalGraph.ts";

/** What one call of the graph sees of a batch: rows of equal length, padding on the left. */
export interface Call {
  ids: readonly (readonly number[])[];
  /** 1 where a token counts, of the cache too. */
  mask: readonly (readonly number[])[];
  positions: readonly (readonly number[])[];
}

export class ExportedModel {
  readonly #session: ort.InferenceSession;
  readonly #config: ModelConfig;
  #caches: Record<string, ort.Tensor> = {};

  private constructor(session: ort.InferenceSession, config: ModelConfig) {
    this.#session = session;
    this.#config = config;
  }

  /** @param dir folder of the export */
  static async open(dir: string, config: ModelConfig): Promise<ExportedModel> {
    const options = { executionProviders: ["cpu"], intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
    return new ExportedModel(await ort.InferenceSession.create(join(dir, "onnx", "model.onnx"), options), config);
  }

  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Forgets all sequences. */
  reset(rows: number): void {
    const { keyValueHeads, headSize } = this.#config;
    const empty = () => new ort.Tensor("float32", new Float32Array(0), [rows, keyValueHeads, 0, headSize]);
    this.#caches = Object.fromEntries(this.#names(pastName).map((name) => [name, empty()]));
  }

  /** Logits of every token, [row][position]. */
  async call({ ids, mask, positions }: Call): Promise<Float32Array[][]> {
    const results = await this.#session.run({
      input_ids: integers(ids),
      attention_mask: integers(mask),
      position_ids: integers(positions),
      ...this.#caches,
    });
    const pasts = this.#names(pastName);
    for (const [index, name] of this.#names(presentName).entries())
      this.#caches[pasts[index] as string] = results[name] as ort.Tensor;
    const { data, dims } = results.logits as ort.Tensor;
    const [rows, length, width] = dims as [number, number, number];
    return Array.from({ length: rows }, (_, row) =>
      Array.from({ length }, (_, at) =>
        (data as Float32Array).slice((row * length + at) * width, (row * length + at + 1) * width),
      ),
    );
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #names(of: typeof pastName): string[] {
    return Array.from({ length: this.#config.layers }, (_, layer) => [of(layer, "key"), of(layer, "value")]).flat();
  }
}

function integers(rows: readonly (readonly number[])[]): ort.Tensor {
  return new ort.Tensor("int64", BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]?.length ?? 0]);
}
