/** How soon a training server answers while its engine is in the middle of an update. */
import { connectToRun } from "../server/training/client/connect.ts";
import { type LiveRun, startQuickstart, until } from "./quickstartRun.ts";
import type { Row } from "./report.ts";
import { median, percentile } from "./statistics.ts";

const ATTACHES = 200;
const PAUSES = 20;
const STOPS = 5;

type Times = Record<"attach" | "pause" | "stop", number[]>;

export async function latency(): Promise<Row[]> {
  const times: Times = { attach: [], pause: [], stop: [] };
  for (let run = 0; run < STOPS; run++) {
    const live = await startQuickstart(1000);
    try {
      await measure(live, times, run === 0);
    } finally {
      live.client.close();
      live.remove();
    }
  }
  return Object.entries(times).map(([request, measured]) => ({
    what: `${request} answered while an update runs (${measured.length} times)`,
    ours: `p99 ${percentile(measured, 99).toFixed(0)} ms, median ${median(measured).toFixed(1)} ms`,
    peer: "",
    ratio: "",
    bar: "p99 ≤ 200 ms",
    data: { milliseconds: measured },
  }));
}

async function measure({ client, folder }: LiveRun, times: Times, long: boolean): Promise<void> {
  const updating = () => until(client, 600, ({ activity, state }) => activity === "updating" && state === "running");
  if (long) {
    for (let i = 0; i < ATTACHES; i++) {
      await updating();
      await timed(times.attach, async () => {
        const second = await connectToRun(folder);
        await second?.attach();
        second?.close();
      });
    }
    for (let i = 0; i < PAUSES; i++) {
      await updating();
      await timed(times.pause, () => client.pause());
      await client.resume();
    }
  }
  await updating();
  await timed(times.stop, () => client.stop());
  await client.closed;
}

async function timed(into: number[], call: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await call();
  into.push(performance.now() - started);
}
