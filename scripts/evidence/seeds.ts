/**
 * The quickstart experiment over several seeds: held-out accuracy (greedy, every row) and hard rows, before and after.
 *
 *     npm run build && node scripts/evidence/seeds.ts [--seeds 17,18,19,20,21] [--out bench/results]
 *
 * Every seed starts from the same policy, so that the differences are paired with one base. Writes a table and JSON.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { interval95 } from "../../server/training/sweep/interval.ts";
import { describeMachine } from "../machine.ts";

const ROOT = join(import.meta.dirname, "..", "..");

interface SeedResult {
  seed: number;
  accuracyBefore: number;
  accuracyAfter: number;
  hardBefore: number;
  hardAfter: number;
  minutes: number;
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "17,18,19,20,21" },
    experiment: { type: "string", default: join(ROOT, "examples", "quickstart", "experiment.json") },
    out: { type: "string", default: join(ROOT, "bench", "results") },
  },
});
const results: SeedResult[] = [];
for (const seed of values.seeds.split(",").map(Number)) {
  const result = await trainOnce(seed);
  results.push(result);
  console.log(JSON.stringify(result));
}
mkdirSync(values.out, { recursive: true });
writeFileSync(
  join(values.out, "quickstart-seeds.json"),
  `${JSON.stringify({ machine: describeMachine(), results }, null, 2)}\n`,
);
const table = render(results);
writeFileSync(join(values.out, "quickstart-seeds.md"), table);
console.log(table);

/** One run through the command line, as a user starts it. */
async function trainOnce(seed: number): Promise<SeedResult> {
  const runs = mkdtempSync(join(tmpdir(), "toolexpander-seeds-"));
  const started = performance.now();
  const cli = [
    join(ROOT, "dist", "cli.js"),
    "train",
    values.experiment,
    "--seed",
    String(seed),
    "--runs",
    runs,
    "--json",
  ];
  const child = spawn(process.execPath, cli, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once("error", reject).once("close", resolve),
  );
  if (code !== 0) throw new Error(`The run with seed ${seed} ended with ${code}`);
  const minutes = (performance.now() - started) / 60_000;
  const events = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; results?: Record<string, number> });
  const end = events.findLast(({ event }) => event === "end")?.results ?? {};
  rmSync(runs, { recursive: true, force: true });
  const number = (name: string): number => {
    const value = end[name];
    if (value === undefined) throw new Error(`The run with seed ${seed} has no ${name}`);
    return value;
  };
  return {
    seed,
    accuracyBefore: number("accuracyBefore"),
    accuracyAfter: number("accuracyAfter"),
    hardBefore: number("hardBefore"),
    hardAfter: number("hardAfter"),
    minutes,
  };
}

function render(runs: readonly SeedResult[]): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)}`;
  const gains = runs.map(({ accuracyBefore, accuracyAfter }) => 100 * (accuracyAfter - accuracyBefore));
  const hard = runs.map(({ hardBefore, hardAfter }) => hardAfter - hardBefore);
  const { processor, cores, node, onnxruntime } = describeMachine();
  const [gain, change] = [interval95(gains), interval95(hard)];
  return [
    "# GRPO on the quickstart, by seed",
    "",
    `Held-out accuracy in per cent: greedy decoding, all rows. Hard rows: no correct one of 10 rollouts. Made by \`node scripts/evidence/seeds.ts\` on ${processor}, ${cores} cores, Node ${node}, onnxruntime-node ${onnxruntime}.`,
    "",
    "| seed | base | after GRPO | difference (points) | hard before | hard after | minutes |",
    "|---|---|---|---|---|---|---|",
    ...runs.map((run, index) =>
      [
        "",
        run.seed,
        percent(run.accuracyBefore),
        percent(run.accuracyAfter),
        `+${(gains[index] as number).toFixed(1)}`.replace("+-", "−"),
        run.hardBefore,
        run.hardAfter,
        run.minutes.toFixed(1),
        "",
      ]
        .join(" | ")
        .trim(),
    ),
    "",
    `Mean difference ${gain.mean.toFixed(1)} points, 95 % interval ${gain.low.toFixed(1)} to ${gain.high.toFixed(1)} (Student's t, ${runs.length} paired seeds).`,
    `Mean change of hard rows ${change.mean.toFixed(1)}, 95 % interval ${change.low.toFixed(1)} to ${change.high.toFixed(1)}.`,
    "",
  ].join("\n");
}
