/** Names and memory of graphics cards, from the systems that tell them. WebGPU itself tells neither. */
import { readdirSync, readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { outputOf } from "./programOutput.ts";

export interface Card {
  name?: string;
  /** Bytes. */
  memory?: { total: number; free?: number };
}

/** The card that computes, as far as it can be known; several are not told apart. */
export async function graphicsCard(): Promise<Card> {
  // On Apple's processors the graphics share name and memory with the rest.
  if (process.platform === "darwin") return { name: cpus()[0]?.model ?? "Apple", memory: { total: totalmem() } };
  const query = ["--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"];
  return nvidiaCard(await outputOf("nvidia-smi", query)) ?? amdCard() ?? {};
}

/** Reads `name, MiB, MiB` of nvidia-smi; undefined where it is something else. */
export function nvidiaCard(output: string): Card | undefined {
  const [, name, total, free] = /^(.+), (\d+), (\d+)\s*$/m.exec(output) ?? [];
  if (name === undefined) return undefined;
  return { name, memory: { total: Number(total) * 2 ** 20, free: Number(free) * 2 ** 20 } };
}

/** The amdgpu driver's own numbers. */
function amdCard(): Card | undefined {
  const root = "/sys/class/drm";
  for (const card of foldersIn(root).filter((name) => /^card\d+$/.test(name))) {
    const number = (file: string): number => Number(contentOf(join(root, card, "device", file)));
    const [total, used] = [number("mem_info_vram_total"), number("mem_info_vram_used")];
    if (total > 0) return { memory: { total, free: total - used } };
  }
  return undefined;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
