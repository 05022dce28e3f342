/**
 * What the papers report, to stand beside a user's own numbers. TE = ToolExpander (arXiv 2510.07737v1), TR = ToolRL (arXiv
 * 2504.13958v1), N1 = Nemotron Tool-N1 (arXiv 2505.00024).
 */
import type { PresetName } from "./experiment.ts";

export interface Published {
  preset: PresetName;
  model: string;
  measure: "BFCL" | "API-Bank" | "hard rows";
  /** Of the model before training; null where the paper does not say. */
  before: number | null;
  /** Null where the paper says that training collapsed. */
  after: number | null;
  source: string;
}

type Row = readonly [model: string, before: number | null, after: number | null];

const rows = (preset: PresetName, measure: Published["measure"], source: string, list: readonly Row[]): Published[] =>
  list.map(([model, before, after]) => ({ preset, model, measure, before, after, source }));

/** How hard rows were counted: TE §3.1 and §3.2. */
export const PUBLISHED_PROBE = { rows: 62687, rollouts: 10 } as const;

/** Hard rows are of 62,687 training rows; before training they are those of the raw model. */
export const PUBLISHED: readonly Published[] = [
  ...rows("grpo", "hard rows", "TE Tables 2 and 3", [
    ["Qwen2.5-1.5B", 17455, 12211],
    ["Qwen2-1.5B", 45362, 14211],
    ["Qwen2.5-7B", 15379, 9333],
    ["Qwen2-7B", 18168, 10488],
  ]),
  ...rows("dmhs-replace", "hard rows", "TE Tables 2 and 3", [
    ["Qwen2.5-1.5B", 17455, 10458],
    ["Qwen2-1.5B", 45362, 12488],
    ["Qwen2.5-7B", 15379, 9157],
    ["Qwen2-7B", 18168, 10347],
  ]),
  ...rows("dmhs-add", "hard rows", "TE Tables 2 and 3", [
    ["Qwen2.5-1.5B", 17455, 11570],
    ["Qwen2-1.5B", 45362, 13487],
    ["Qwen2.5-7B", 15379, 9223],
    ["Qwen2-7B", 18168, 10475],
  ]),
  ...rows("set", "hard rows", "TE Tables 2 and 8", [["Qwen2.5-7B", 15379, 8223]]),
  ...rows("set-replace", "hard rows", "TE Tables 2 and 8", [["Qwen2.5-7B", 15379, 8048]]),
  ...rows("grpo", "BFCL", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 82.48, 84.52],
    ["Qwen2-7B", 69.54, 79.29],
    ["Qwen2.5-1.5B", 69.16, null],
    ["Qwen2-1.5B", 51.38, null],
  ]),
  ...rows("dmhs-replace", "BFCL", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 82.48, 85.61],
    ["Qwen2-7B", 69.54, 81.37],
    ["Qwen2.5-1.5B", 69.16, 77.29],
    ["Qwen2-1.5B", 51.38, 68.22],
  ]),
  ...rows("dmhs-add", "BFCL", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 82.48, 85.06],
    ["Qwen2-7B", 69.54, 81.84],
    ["Qwen2.5-1.5B", 69.16, 77.62],
    ["Qwen2-1.5B", 51.38, 66.99],
  ]),
  ...rows("set", "BFCL", "TE Table 8", [["Qwen2.5-7B", 82.48, 86]]),
  ...rows("set-replace", "BFCL", "TE Table 8", [["Qwen2.5-7B", 82.48, 84.98]]),
  ...rows("grpo", "API-Bank", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 75.54, 62.66],
    ["Qwen2-7B", 60.31, 77.83],
    ["Qwen2.5-1.5B", 57.94, null],
    ["Qwen2-1.5B", 51.72, null],
  ]),
  ...rows("dmhs-replace", "API-Bank", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 75.54, 81.76],
    ["Qwen2-7B", 60.31, 78.11],
    ["Qwen2.5-1.5B", 57.94, 75.75],
    ["Qwen2-1.5B", 51.72, 65.88],
  ]),
  ...rows("dmhs-add", "API-Bank", "TE Tables 5 and 6", [
    ["Qwen2.5-7B", 75.54, 78.33],
    ["Qwen2-7B", 60.31, 80.26],
    ["Qwen2.5-1.5B", 57.94, 72.1],
    ["Qwen2-1.5B", 51.72, 63.09],
  ]),
  ...rows("set", "API-Bank", "TE Table 8", [["Qwen2.5-7B", 75.54, 80.22]]),
  ...rows("set-replace", "API-Bank", "TE Table 8", [["Qwen2.5-7B", 75.54, 80.24]]),
  ...rows("toolrl", "BFCL", "TR, BFCL-V3 overall, from the raw model", [
    ["Qwen2.5-1.5B", 19.41, 46.2],
    ["Qwen2.5-3B", 33.04, 52.98],
    ["Qwen2.5-7B", 41.97, 58.38],
    ["Llama-3.2-3B", 22.09, 44.1],
  ]),
  ...rows("tool-n1", "BFCL", "N1, binary reward", [["Qwen2.5-7B", null, 84.82]]),
];
