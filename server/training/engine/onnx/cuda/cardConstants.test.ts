import assert from "node:assert/strict";
import test from "node:test";
import { newAdapter } from "../adapterParameters.ts";
import { stepGraph } from "../decoderGraphs.ts";
import { SAMPLE_CONFIG } from "../devices/sampleGraphs.ts";
import { sampleFeeds } from "../devices/samplePolicy.ts";
import { parameterShapes } from "../parameters.ts";
import { GraphSession } from "../session.ts";
import { cardConstants } from "./cardConstants.ts";

const lora = { rank: 2, alpha: 4, dropout: 0, rankStabilized: false, targets: ["q_proj", "down_proj"] } as const;
const network = { config: SAMPLE_CONFIG, lora };

test("a step with its frozen weights as constants gives what it gives with all of them fed", async () => {
  const sizes = { B: 2, G: 2, P: 3, T: 4 };
  const graph = stepGraph(SAMPLE_CONFIG, lora);
  const feeds = sampleFeeds(graph, sizes);
  const constants = cardConstants(network, new Map([...feeds].filter(([name]) => isWeight(name))));
  assert.deepEqual([...constants.keys()].sort(), [...parameterShapes(SAMPLE_CONFIG).keys()].sort());
  const results = [];
  for (const options of [{}, { constants }]) {
    const session = await GraphSession.create(graph, { device: "cpu", threads: 1, ...options });
    results.push(await session.run(feeds, sizes));
    await session.dispose();
  }
  assert.ok(results[0]?.size);
  for (const [name, values] of results[0] ?? []) {
    for (const [i, value] of values.entries())
      assert.ok(Math.abs(value - (results[1]?.get(name)?.[i] ?? Number.NaN)) < 1e-5, `${name} ${i}`);
  }
});

const adapter = newAdapter(SAMPLE_CONFIG, lora, 0);
const isWeight = (name: string): boolean => adapter.has(name) || parameterShapes(SAMPLE_CONFIG).has(name);

test("what is trained is fed, and all of it where there is no adapter", () => {
  const weights = new Map([["model.norm.weight", new Float32Array(4)]]);
  assert.equal(cardConstants({ ...network, lora: undefined }, weights).size, 0);
  assert.equal(cardConstants(network, new Map([...weights, ...adapter])).size, 1);
});
