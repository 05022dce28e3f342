/**
 * SPaRK beside imitation and the policy that both began with, as page, picture and numbers, from the runs of the shipped sweep:
 *
 *     npm run build
 *     node dist/cli.js generate examples/episodes/experiment.json
 *     node dist/cli.js generate examples/episodes/lowest-viable.experiment.json
 *     node dist/cli.js sweep examples/sweeps/spark.experiment.json
 *     node scripts/evidence/spark.ts [--sweep examples/sweeps/spark.experiment.json] [--out bench/results]
 *
 * The sweep can be stopped and goes on where it was; what has finished by then is on the page.
 */
import { SPARK_CLAIMS } from "./sparkClaims.ts";
import { sparkPage } from "./sparkPage.ts";
import { sparkPlot } from "./sparkPlot.ts";
import { writeSweepEvidence } from "./sweepEvidence.ts";

await writeSweepEvidence("spark", { claims: SPARK_CLAIMS, page: sparkPage, plot: sparkPlot });
