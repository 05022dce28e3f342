/**
 * SIGKILL between one file operation of the server and the next: a tracer lets it die as it enters a system call on a checkpoint, the
 * store, `server.json`, `run.json` or the exported policy. Which call is drawn from those of an undisturbed run.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { kindOf } from "./tracing/runFiles.ts";
import { type SystemCall, traceOf, tracing, withoutStrace } from "./tracing/strace.ts";
import { Witness } from "./witness.ts";

/** Bytes reach a file by these, from other threads and to other places too: their number is no place that comes again. */
const UNCOUNTED = new Set(["write", "writev", "open", "openat"]);

interface Place {
  kind: string;
  call: string;
  /** From 1, among the calls of that name in the server's first thread. */
  time: number;
}

function placesOf(calls: readonly SystemCall[], run: string): Map<string, Place[]> {
  const times = new Map<string, number>();
  const places = new Map<string, Place[]>();
  for (const { name, paths } of calls) {
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    const kind = paths.map((path) => kindOf(run, path)).find((found) => found !== undefined);
    if (kind === undefined || UNCOUNTED.has(name)) continue;
    places.set(kind, [...(places.get(kind) ?? []), { kind, call: name, time }]);
  }
  return places;
}

faultTest(
  { name: "SIGKILL of the server as it enters a file operation", short: 5, share: 0.35, skip: withoutStrace },
  async ({ t, times, draw, struck }) => {
    const runs = await TinyRuns.of(t);
    const sample = runs.begun();
    const trace = join(runs.experiment.runs, "trace");
    assert.equal((await new HeldServer(sample.folder, { under: tracing(trace, { all: false }) }).ended).code, 0);
    runs.isTheSame(sample);
    const places = [...placesOf(traceOf(trace), sample.folder).values()];
    assert.equal(places.length, 5, "the server's first thread writes every kind of file of a run");
    for (let number = 0, tries = 0; number < times; tries++) {
      const ofKind = places[number % places.length] ?? [];
      const place = ofKind[Math.floor(draw(`call ${tries}`) * ofKind.length)];
      assert.ok(place);
      const run = runs.begun();
      const server = new HeldServer(run.folder, { under: tracing(trace, { all: false, kill: place }) });
      const witness = new Witness(run.folder, server);
      const { signal } = await server.ended;
      await witness.settled();
      // Progress is told by the clock, so one run may make a call more than the other; then the last ones are not reached.
      if (signal === null) {
        runs.isTheSame(run);
        continue;
      }
      const last = traceOf(trace).at(-1);
      assert.equal(last?.result, undefined, "it died in that call");
      const kind = last?.paths.map((path) => kindOf(run.folder, path)).find((found) => found !== undefined);
      runs.nothingLost(run, witness.step);
      await runs.endsTheSame(run);
      struck(kind ?? place.kind, "resumed, identical, nothing lost");
      number++;
    }
  },
);
