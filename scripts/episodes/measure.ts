/**
 * What the policy of the episodes does before it is trained on any trajectory: how many held-out episodes it gets right, and which of the
 * tools it takes.
 *
 *     node scripts/episodes/measure.ts [--model examples/episodes/policy] [--temperature 0.7] [--episodes 3] [--out bench/results]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Accuracy } from "../../schemas/accuracy.ts";
import { choiceName, percent } from "../../server/training/client/text.ts";
import { createOnnxEngine } from "../../server/training/engine/onnx/engine.ts";
import { entropyBits } from "../../server/training/statistics.ts";
import { describeMachine } from "../machine.ts";
import { WARMUP } from "../policy/firstEngine.ts";
import { openHeldOut, type Played, play } from "./playing.ts";

const ROOT = join(import.meta.dirname, "..", "..");

const { values } = parseArgs({
  options: {
    model: { type: "string", default: join(ROOT, "examples", "episodes", "policy") },
    temperature: { type: "string", default: "0.7" },
    episodes: { type: "string", default: "3" },
    out: { type: "string", default: join(ROOT, "bench", "results") },
  },
});
const temperature = Number(values.temperature);

const heldOut = await openHeldOut();
const engine = await createOnnxEngine({
  model: values.model,
  device: "cpu",
  threads: describeMachine().cores,
  ...WARMUP,
});
const started = performance.now();
const { accuracy, categories, choices, records, truncated } = await play(engine, heldOut, {
  temperature,
  episodes: Number(values.episodes),
});
const seconds = (performance.now() - started) / 1000;
const greedy = await play(engine, heldOut, { temperature: 0, episodes: 1 });
await engine.dispose();
await heldOut.world.environment.dispose();

const right = ({ value, low, high }: Accuracy): string => `${percent(value)} (${percent(low)} to ${percent(high)})`;
const first = firstChoices(records);
const firstTotal = [...first.values()].reduce((sum, count) => sum + count, 0);

const page = [
  "# The policy of the episodes before any training on trajectories",
  "",
  `${heldOut.heldOut.length} held-out questions, temperature ${temperature}, ${choices.episodes} episode(s) of each; intervals are Wilson's at 95 %, a question counting as one observation. Made by \`node scripts/episodes/measure.ts\`.`,
  "",
  "| | |",
  "|---|---|",
  `| parameters | ${engine.info.parameters} |`,
  `| episodes right | ${right(accuracy)} |`,
  `| episodes right, greedy | ${right(greedy.accuracy)} |`,
  `| turns of an episode | ${(choices.turns / accuracy.rows).toFixed(2)} |`,
  `| turns that are no choice of an offered tool | ${percent(choices.unreadable / choices.turns)} |`,
  `| entropy of all choices | ${choices.entropyBits.toFixed(2)} bits |`,
  `| entropy of first choices | ${entropyBits([...first.values()]).toFixed(2)} bits |`,
  `| entropy of a question's choices, mean | ${choices.entropyBitsPerQuestion.toFixed(2)} bits |`,
  `| ended without an answer | ${percent(truncated / accuracy.rows)} |`,
  "",
  "| kind of question | share | episodes right |",
  "|---|---|---|",
  ...Object.entries(categories).map(
    ([kind, part]) => `| ${kind} | ${percent(part.rows / accuracy.rows)} | ${right(part)} |`,
  ),
  "",
  "| choice | of all | of first ones |",
  "|---|---|---|",
  ...choices.tools.map(
    ({ tool, share }) =>
      `| ${choiceName(tool)} | ${percent(share)} | ${percent((first.get(tool) ?? 0) / firstTotal)} |`,
  ),
  "",
].join("\n");
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "episodes-policy.md"), page);
console.log(page);
console.log(`${records.length} episodes in ${seconds.toFixed(1)} s`);

/** By tool, null for plain reasoning, how many episodes begin with it. */
function firstChoices(episodes: Played["records"]): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { turns } of episodes) {
    const [turn] = turns;
    if (turn === undefined || !choices.tools.some(({ tool }) => tool === turn.tool) || turn.kind === "broken") continue;
    counts.set(turn.tool, (counts.get(turn.tool) ?? 0) + 1);
  }
  return counts;
}
