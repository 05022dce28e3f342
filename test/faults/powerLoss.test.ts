/** What a power cut could take away: the order of writes, syncs and names, told from the system calls of whole programs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NODE_OPTIONS_OF_OURS } from "../../server/training/nodeProcess.ts";
import { scriptedEpisodes } from "../../server/training/testing/episodeWorkspace.ts";
import { temporaryFolder } from "../../server/training/testing/harness.ts";
import { root } from "../sources.ts";
import { faultTest } from "./faultSuite.ts";
import { HeldServer } from "./heldServer.ts";
import { TinyRuns } from "./tinyRuns.ts";
import { PowerCuts } from "./tracing/powerCuts.ts";
import { kindOf, watchOf } from "./tracing/runFiles.ts";
import { type SystemCall, traceOf, tracing, withoutStrace } from "./tracing/strace.ts";

/** Names that were given in a run folder, each once. */
function namesGiven(calls: readonly SystemCall[], run: string): Set<string> {
  const kinds = calls
    .filter(({ name, result }) => /^(rename|link)/.test(name) && result === 0)
    .map(({ paths }) => kindOf(run, paths[1] ?? ""));
  return new Set(kinds.filter((kind) => kind !== undefined));
}

faultTest(
  { name: "power loss: order of syncs and names in a run", short: 1, share: 0.01, skip: withoutStrace },
  async ({ t, times, draw, struck }) => {
    const runs = await TinyRuns.of(t);
    const trace = join(runs.experiment.runs, "trace");
    const under = tracing(trace, { all: true });
    for (let number = 0; number < times; number++) {
      const run = runs.begun();
      // The first from its beginning, the others gone on with after a kill, which has more to clear up.
      if (number > 0) {
        const server = new HeldServer(run.folder);
        await Promise.race([sleep(draw(`instant ${number}`) * runs.duration), server.ended]);
        await server.kill();
      }
      await runs.endsTheSame(run, { under });
      const calls = traceOf(trace);
      assert.deepEqual(PowerCuts.of(calls, watchOf(run.folder)), []);
      const seen = namesGiven(calls, run.folder);
      assert.ok(seen.has("server.json") && seen.has("run.json"), "the trace is of a whole server");
      if (number === 0) assert.ok(seen.has("a checkpoint") && seen.has("the exported policy"));
      const commits = calls.filter(
        ({ name, paths }) => /^f(data)?sync$/.test(name) && paths[0]?.endsWith(".sqlite-wal"),
      );
      assert.ok(number > 0 || commits.length >= 6, `${commits.length} commits of the store were synced`);
      struck(
        number === 0 ? "a run from its beginning" : "a run that is gone on with",
        "resumed, identical, nothing lost",
      );
    }
  },
);

faultTest(
  {
    name: "power loss: order of syncs and names in a generation of trajectories",
    short: 1,
    share: 0,
    skip: withoutStrace,
  },
  async ({ t, struck }) => {
    const folder = scriptedEpisodes(t);
    const trace = join(temporaryFolder(t), "trace");
    const [program = "", ...options] = tracing(trace, { all: true });
    const cli = join(root, "server", "cli.ts");
    const line = [...options, process.execPath, ...NODE_OPTIONS_OF_OURS, cli, "generate", "experiment.json"];
    const { status, stderr } = spawnSync(program, line, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const file = join(folder, "sums.trajectories.jsonl");
    const calls = traceOf(trace);
    const passing = (path: string) => path !== file;
    assert.deepEqual(PowerCuts.of(calls, { folder, passing, promises: () => false }), []);
    // A wave is told of when it lasts: none is written before the one before it was synced.
    const own = calls.filter(({ paths, name }) => paths[0] === file && !name.startsWith("open"));
    const order = own.map(({ name }) => (name === "fsync" ? "s" : name === "pwrite64" ? "w" : "")).join("");
    assert.match(order, /^(ws)+$/);
    const waves = readFileSync(file, "utf8").split("\n").length;
    assert.ok(order.length >= 4 && waves > 2, `${order.length / 2} waves were written`);
    struck("each of its waves", "resumed, identical, nothing lost");
  },
);
