import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { faultOf } from "../../toolcalls/testing/files.ts";
import { openWorld } from "../episodes/openWorld.ts";
import { episodeExperiment } from "../testing/episodeWorkspace.ts";
import { fileOf, generated, textOf } from "../testing/generation.ts";
import { PLAYER } from "../testing/scriptedEngine.ts";
import { readTrajectories, takenTurns } from "./readTrajectories.ts";

test("what was stored is read, and gives back the very prompts of each turn", async (t) => {
  const experiment = episodeExperiment(t);
  const asked = new Set<string>();
  const lines = await generated(experiment, {
    script: (prompt, u) => {
      asked.add(prompt);
      return PLAYER(prompt, u);
    },
  });
  const { header, trajectories, complete } = readTrajectories(fileOf(experiment));
  assert.deepEqual(trajectories, lines);
  assert.equal(header.seed, 7);
  assert.ok(complete);
  const world = await openWorld(experiment);
  t.after(() => world.environment.dispose());
  for (const trajectory of trajectories) {
    const question = { id: trajectory.question, query: trajectory.query, tools: trajectory.tools, answer: "?" };
    const turns = takenTurns(trajectory);
    for (const turn of turns.keys())
      assert.ok(
        asked.has(world.renderer.prompt(question, turns.slice(0, turn)).text),
        `${trajectory.question}, ${turn}`,
      );
  }
});

test("a file that goes on is told from a complete one, and a fault by its line", async (t) => {
  const experiment = episodeExperiment(t);
  await generated(experiment);
  const file = fileOf(experiment);
  const lines = textOf(experiment).split("\n");
  writeFileSync(file, `${lines.slice(0, 4).join("\n")}\n`);
  const { complete, trajectories } = readTrajectories(file);
  assert.deepEqual([complete, trajectories.length], [false, 3]);
  appendFileSync(file, '{"question": "x"}\n');
  assert.match(
    faultOf("nowhere", () => readTrajectories(file)),
    /sums\.trajectories\.jsonl:5:1: The key "query" is missing/,
  );
  writeFileSync(file, `${lines[0]}\nnull\n`);
  assert.match(
    faultOf("nowhere", () => readTrajectories(file)),
    /:2:1: This must be an object, but it is null/,
  );
  writeFileSync(file, "");
  assert.match(
    faultOf("nowhere", () => readTrajectories(file)),
    /holds no trajectories/,
  );
});
