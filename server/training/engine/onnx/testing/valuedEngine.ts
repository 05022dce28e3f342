/** Engines with a value head of given numbers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyEngine } from "../../policyEngine.ts";
import { readModelConfig } from "../model/modelConfig.ts";
import type { Weights } from "../model/weights.ts";
import { valueHeadShapes } from "../valueHead/valueHead.ts";
import { saveValueHead } from "../valueHead/valueHeadFile.ts";

/** Puts another head in place of the engine's own, by the way that there is: a checkpoint of the engine, changed. */
export async function giveHead(engine: PolicyEngine, model: string, head: Weights): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "head-"));
  try {
    await engine.save(dir);
    saveValueHead(dir, head, valueHeadShapes(readModelConfig(model)));
    await engine.load(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
