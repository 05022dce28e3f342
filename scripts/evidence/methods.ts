/**
 * The methods side by side on the quickstart, as page, picture and numbers, from the runs of the shipped sweep:
 *
 *     npm run build && node dist/cli.js sweep examples/sweeps/methods.experiment.json
 *     node scripts/evidence/methods.ts [--sweep examples/sweeps/methods.experiment.json] [--out bench/results]
 *
 * The sweep can be stopped and goes on where it was; what has finished by then is on the page.
 */
import { METHOD_CLAIMS } from "./methodClaims.ts";
import { methodPage } from "./methodPage.ts";
import { methodPlot } from "./methodPlot.ts";
import { writeSweepEvidence } from "./sweepEvidence.ts";

await writeSweepEvidence("methods", {
  claims: METHOD_CLAIMS,
  page: methodPage,
  plot: (variants, plan) => methodPlot(variants, plan.variants[0]?.runs[0]?.experiment.settings.evaluation.rows ?? 0),
});
