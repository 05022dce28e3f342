/** A policy with random weights, in the engine that warms it up. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tokenizer } from "../../server/prompts/tokenizer.ts";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import type { PolicyEngine } from "../../server/training/engine/policyEngine.ts";
import { writeInitialModel } from "./initialModel.ts";

/** AdamW of every warm-up; the rate is a step's own. */
export const WARMUP = {
  microBatchTokens: 4096,
  optimizer: { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01, maxGradNorm: 1 },
} as const;

export interface FirstEngine {
  engine: PolicyEngine;
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param tokenizer of the folder whose other files the policy is to have too */
export async function firstEngine(tokenizer: Tokenizer, seed: number, threads: number): Promise<FirstEngine> {
  const initial = mkdtempSync(join(tmpdir(), "toolexpander-policy-"));
  const facts = { vocab_size: tokenizer.size, eos_token_id: tokenizer.eos, pad_token_id: tokenizer.pad };
  writeInitialModel(initial, tokenizer.dir, facts, seed);
  const engine = await createOnnxEngine({ model: initial, device: "cpu", threads, ...WARMUP });
  console.log(`${engine.info.parameters} parameters, ${engine.info.runtime}, ${engine.info.threads} thread(s)`);
  return {
    engine,
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      rmSync(initial, { recursive: true });
    },
  };
}

/** Rises over the first steps. */
export const warmed = (rate: number, step: number): number => rate * Math.min(1, step / 50);

/** Falls to 0 as half a cosine after the last of `steps`. */
export const cosine = (step: number, steps: number): number => (1 + Math.cos((Math.PI * step) / (steps + 1))) / 2;
