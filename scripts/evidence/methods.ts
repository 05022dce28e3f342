/**
 * The methods side by side on the quickstart, as page, picture and numbers, from the runs of the shipped sweep:
 *
 *     npm run build && node dist/cli.js sweep examples/sweeps/methods.experiment.json
 *     node scripts/evidence/methods.ts [--sweep examples/sweeps/methods.experiment.json] [--out bench/results]
 *
 * The sweep can be stopped and goes on where it was; what has finished by then is on the page.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compared } from "../../server/training/sweep/comparison.ts";
import { outcomesOf } from "../../server/training/sweep/outcomes.ts";
import { planSweep } from "../../server/training/sweep/plan.ts";
import { RunFinder } from "../../server/training/sweep/runFinder.ts";
import { describeMachine } from "../machine.ts";
import { CLAIMS, findingOf } from "./methodClaims.ts";
import { methodPage } from "./methodPage.ts";
import { methodPlot } from "./methodPlot.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const { values } = parseArgs({
  options: {
    sweep: { type: "string", default: join(ROOT, "examples", "sweeps", "methods.experiment.json") },
    out: { type: "string", default: join(ROOT, "bench", "results") },
  },
});
const plan = planSweep(values.sweep, {});
const variants = outcomesOf(plan, new RunFinder());
const evidence = {
  machine: describeMachine(),
  rows: compared(variants),
  findings: CLAIMS.map((claimed) => findingOf(claimed, variants)),
};
const page = methodPage(plan, variants, evidence);
const evaluated = plan.variants[0]?.runs[0]?.experiment.settings.evaluation.rows ?? 0;
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, "methods.md"), page);
writeFileSync(join(values.out, "methods.json"), `${JSON.stringify(evidence, null, 2)}\n`);
writeFileSync(join(values.out, "methods.svg"), `${await methodPlot(variants, evaluated)}\n`);
console.log(page);
