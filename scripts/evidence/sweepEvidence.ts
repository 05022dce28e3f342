/** What a shipped sweep has come to, as page, picture and numbers beside one another in bench/results. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ComparedVariant, compared, type VariantOutcome } from "../../server/training/sweep/comparison.ts";
import { outcomesOf } from "../../server/training/sweep/outcomes.ts";
import { type Plan, planSweep } from "../../server/training/sweep/plan.ts";
import { RunFinder } from "../../server/training/sweep/runFinder.ts";
import { describeMachine, type Machine } from "../machine.ts";
import { type Claim, type Finding, findingOf } from "./claims.ts";

const ROOT = join(import.meta.dirname, "..", "..");

export interface Evidence {
  machine: Machine;
  rows: readonly ComparedVariant[];
  findings: readonly Finding[];
}

interface Parts {
  claims: readonly Claim[];
  page: (plan: Plan, variants: readonly VariantOutcome[], evidence: Evidence) => string;
  plot: (variants: readonly VariantOutcome[], plan: Plan) => Promise<string>;
}

/** @param name of the sweep's file in examples/sweeps, and of what is written; --sweep and --out name others */
export async function writeSweepEvidence(name: string, { claims, page, plot }: Parts): Promise<void> {
  const { values } = parseArgs({
    options: {
      sweep: { type: "string", default: join(ROOT, "examples", "sweeps", `${name}.experiment.json`) },
      out: { type: "string", default: join(ROOT, "bench", "results") },
    },
  });
  const plan = planSweep(values.sweep, {});
  const variants = outcomesOf(plan, new RunFinder());
  const evidence: Evidence = {
    machine: describeMachine(),
    rows: compared(variants),
    findings: claims.map((claimed) => findingOf(claimed, variants)),
  };
  const text = page(plan, variants, evidence);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, `${name}.md`), text);
  writeFileSync(join(values.out, `${name}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
  writeFileSync(join(values.out, `${name}.svg`), `${await plot(variants, plan)}\n`);
  console.log(text);
}
