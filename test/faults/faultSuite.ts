/**
 * Faults as tests: each is drawn from a seed and happens a number of times, and what came of it goes into one table. A few times
 * among the unit tests; `npm run test:faults -- --count 200 --seed 7` is the long form (scripts/faults.ts).
 */
import { appendFileSync } from "node:fs";
import test, { type TestContext } from "node:test";
import { COUNT_VARIABLE, type FaultRow, REPORT_VARIABLE, SEED_VARIABLE } from "../../scripts/faultReport.ts";
import { seedFor } from "../../server/training/draw.ts";

const count = Number(process.env[COUNT_VARIABLE] ?? 0);
const seed = Number(process.env[SEED_VARIABLE] ?? 7);

export interface Fault {
  /** As a row of the table begins. */
  name: string;
  /** Times in the short form. */
  short: number;
  /** Times in the long form, of its count. */
  share: number;
  /** Why it cannot be tried here. */
  skip?: string | false;
}

/** What a fault test works with. */
export interface Trial {
  t: TestContext;
  /** How often the fault has to happen. */
  times: number;
  /** Uniform in [0, 1), from the suite's seed. */
  draw(purpose: string): number;
  /** Says that it happened once: where it struck, and how that ended. */
  struck(where: string, ending: Ending): void;
}

/** The two ways in which a fault may end. */
export type Ending = "resumed, identical, nothing lost" | "refused in a sentence, nothing changed";

/** A slow machine under load takes minutes for ten starts; the limit is for a hang. Milliseconds. */
const PATIENCE_MS = 900_000;
/** The same for each time in the long form. */
const PATIENCE_EACH_MS = 120_000;

/** Defines a test of a fault. Its body has to make it happen as often as wanted, and throws where an ending is none of the two. */
export function faultTest({ name, short, share, skip = false }: Fault, body: (trial: Trial) => Promise<void>): void {
  const times = count === 0 ? short : Math.max(short, Math.round(count * share));
  const timeout = Math.max(PATIENCE_MS, times * PATIENCE_EACH_MS);
  test(`${name}, ${times === 1 ? "once" : `${times} times`}`, { skip, timeout }, async (t) => {
    const strikes: FaultRow["strikes"] = [];
    const row = (failure?: string): FaultRow => ({ fault: name, wanted: times, strikes, ...(failure && { failure }) });
    try {
      await body({
        t,
        times,
        draw: (purpose) => seedFor(seed, `${name}: ${purpose}`) / 2 ** 32,
        struck: (where, ending) => strikes.push({ where, ending }),
      });
      if (strikes.length < times) throw new Error(`It happened ${strikes.length} times instead of ${times}`);
      report(row());
    } catch (error) {
      report(row(error instanceof Error ? error.message : String(error)));
      throw error;
    } finally {
      t.diagnostic(`struck ${strikes.map(({ where }) => where).join(", ")}`);
    }
  });
}

function report(row: FaultRow): void {
  const file = process.env[REPORT_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}
