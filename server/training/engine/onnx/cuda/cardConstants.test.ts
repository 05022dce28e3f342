import assert from "node:assert/strict";
import test from "node:test";
import type { Lora } from "../../lora.ts";
import { newAdapter } from "../adapter/adapterParameters.ts";
import { SAMPLE_CONFIG } from "../devices/sampleGraphs.ts";
import { cardConstants } from "./cardConstants.ts";

const lora: Lora = { rank: 2, alpha: 4, dropout: 0, rankStabilized: false, targets: ["q_proj", "down_proj"] };
const network = { config: SAMPLE_CONFIG, lora };
const cuda = { device: { name: "cuda", threads: 1 } } as const;
const frozen = new Map([
  ["model.norm.weight", new Float32Array(4)],
  ["model.layers.0.self_attn.q_proj.weight", new Float32Array(8)],
]);
const all = new Map([...frozen, ...newAdapter(SAMPLE_CONFIG, lora, 0), ["adapterScale", new Float32Array(1)] as const]);

test("what is frozen is a constant, what is trained is fed", () => {
  assert.deepEqual(cardConstants(cuda, network, all), frozen);
});

test("nothing is where all weights are trained, or on another device", () => {
  assert.equal(cardConstants(cuda, { ...network, lora: undefined }, all), undefined);
  assert.equal(cardConstants({ device: { name: "cpu", threads: 1 } }, network, all), undefined);
});
