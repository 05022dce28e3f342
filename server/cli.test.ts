import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { type TestContext } from "node:test";
import { readRunRecord } from "./store/runFolder.ts";
import { findRuns } from "./training/client/discover.ts";
import { ENGINE_MODULE } from "./training/engine/remote/messages.ts";
import { NODE_OPTIONS_OF_OURS } from "./training/nodeProcess.ts";
import { readServerFile } from "./training/server/serverFile.ts";
import { engineModule, killProcess, temporaryFolder, until } from "./training/testing/harness.ts";
import { type WorkspaceChanges, writeWorkspace } from "./training/testing/workspace.ts";

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(cwd: string, args: string[]): { child: ChildProcess; ended: Promise<Ended>; out: () => string } {
  const child = spawn(process.execPath, [...NODE_OPTIONS_OF_OURS, join(import.meta.dirname, "cli.ts"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
  return { child, ended, out: () => stdout + stderr };
}

const cli = (cwd: string, ...args: string[]): Promise<Ended> => start(cwd, args).ended;

/** A workspace, which ends with the test together with its runs. */
function workspace(
  t: TestContext,
  changes: WorkspaceChanges = {},
  engine: Parameters<typeof engineModule>[0] = "fakeEngine",
): string {
  process.env[ENGINE_MODULE] = engineModule(engine);
  return dirname(writeWorkspace(temporaryFolder(t), changes));
}

/** What the commands print as JSON; each has some of it. */
interface Printed {
  run: string;
  state: string;
  runs: { state: string; run: string }[];
  accuracy: { value: number; rows: number };
}

/** A complaint is one sentence on stderr, without a stack. */
function complained({ code, stderr }: Ended, expected: number, message: RegExp): void {
  assert.equal(code, expected, stderr);
  assert.match(stderr, message);
  assert.doesNotMatch(stderr, /\n\s+at /);
}

test("every command explains itself", async (t) => {
  const folder = temporaryFolder(t);
  const verbs = ["train", "sft", "sweep", "runs", "pause", "stop", "resume", "eval", "generate", "export", "devices"];
  const all = await cli(folder, "--help");
  assert.equal(all.code, 0);
  for (const verb of verbs) assert.match(all.stdout, new RegExp(`^  ${verb} `, "m"));
  const helps = await Promise.all(verbs.map((verb) => cli(folder, verb, "--help")));
  for (const [index, { code, stdout }] of helps.entries()) {
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: toolexpander ${verbs[index]} `));
    assert.match(stdout, /--json/);
  }
});

test("misuse of the command line exits with 2", async (t) => {
  const folder = temporaryFolder(t);
  const misuses: [string[], RegExp][] = [
    [[], /Usage/],
    [["tarin"], /unknown command 'tarin'/],
    [["train"], /missing required argument/],
    [["train", "x.json", "--sed", "1"], /unknown option '--sed'/],
    [["train", "x.json", "--seed", "-1"], /seed.*whole number/s],
    [["train", "x.json", "--steps", "1.5"], /steps.*whole number/s],
    [["train", "x.json", "--device", "tpu"], /Allowed choices are cpu, webgpu/],
    [["eval", "x.json", "--rows", "0"], /whole number/],
  ];
  const results = await Promise.all(misuses.map(([args]) => cli(folder, ...args)));
  for (const [index, result] of results.entries()) complained(result, 2, misuses[index]?.[1] as RegExp);
});

test("bad input exits with 1, one sentence, and no run folder", async (t) => {
  const folder = workspace(t);
  const experiment = JSON.parse(readFileSync(join(folder, "experiment.json"), "utf8")) as Record<string, object>;
  const write = (name: string, changes: object): string => {
    writeFileSync(join(folder, name), JSON.stringify({ ...experiment, ...changes }, null, 2));
    return name;
  };
  const faults: [string[], RegExp][] = [
    [["train", "absent.json"], /absent\.json/],
    [["train", write("key.json", { sead: 1 })], /key\.json:\d+:\d+.*sead.*not a known key/],
    [["train", write("model.json", { model: "nowhere" })], /model\.json.*nowhere/],
    [
      ["train", write("rows.json", { settings: { ...experiment.settings, sampling: { promptsPerStep: 20 } } })],
      /draws 20.*only 16/,
    ],
    [
      ["train", write("prompt.json", { settings: { ...experiment.settings, lengths: { prompt: 3 } } })],
      /longer than the budget of 3/,
    ],
    [["sft", "experiment.json"], /preset "grpo".*toolexpander train/],
    [["pause"], /No run lives/],
    [["stop", "nothing"], /no run "nothing"/],
    [["resume"], /no run to resume/],
    [["eval", "experiment.json", "--model", "nowhere"], /no such model directory/],
    [["devices", "webgpo"], /no device "webgpo"; did you mean "webgpu"/i],
  ];
  const results = await Promise.all(faults.map(([args]) => cli(folder, ...args)));
  for (const [index, result] of results.entries()) complained(result, 1, faults[index]?.[1] as RegExp);
  assert.equal(existsSync(join(folder, "runs")), false);
});

test("devices are tested and told one by one, as a table or as JSON", async (t) => {
  const folder = temporaryFolder(t);
  const text = await cli(folder, "devices", "cpu", "--threads", "1");
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /Testing CPU/);
  assert.match(text.stdout, /f32 GFLOP\/s/);
  assert.match(text.stdout, /CPU +│ works +│ .*1 thread/);
  const { code, stdout } = await cli(folder, "devices", "cuda", "--json");
  assert.equal(code, 0);
  const report = JSON.parse(stdout.split("\n")[0] ?? "") as Record<"event" | "device" | "state" | "problem", string>;
  assert.deepEqual([report.event, report.device], ["device", "cuda"]);
  if (report.state !== "works") assert.match(report.problem ?? "", /\.$/);
});

test("a run on auto says what was chosen, and its record keeps it", async (t) => {
  const folder = workspace(t);
  const { code, stdout, stderr } = await cli(folder, "train", "experiment.json", "--device", "auto", "--steps", "1");
  assert.equal(code, 0, stderr);
  const [run] = findRuns([join(folder, "runs")]);
  assert.ok(run);
  const { plan, engine, experiment } = readRunRecord(run.folder);
  assert.equal(experiment.device, "auto");
  assert.match(plan?.device?.why ?? "", /^(The CPU|WebGPU|CUDA) was chosen/);
  assert.equal(engine?.device, plan?.device?.name);
  assert.ok(stdout.includes(plan?.device?.why ?? "nothing"), stdout);
});

test("a sweep trains what is missing, keeps what has finished, and compares the variants", async (t) => {
  const folder = workspace(t);
  const file = join(folder, "experiment.json");
  const experiment = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const sweep = {
    seeds: [1, 2],
    variants: [{ name: "as it is" }, { name: "slower", settings: { optimizer: { learningRate: 1e-9 } } }],
  };
  writeFileSync(file, JSON.stringify({ ...experiment, sweep }));
  complained(await cli(folder, "sweep", "experiment.json", "--runs"), 2, /argument missing/);
  const none = await cli(folder, "sweep", "experiment.json", "--steps", "3", "--table");
  assert.match(none.stdout, /0 of 4 runs have finished/);
  const first = await cli(folder, "sweep", "experiment.json", "--steps", "3");
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /\[1\/4\] as it is, seed 1\n.*\[4\/4\] slower, seed 2\n.*4 of 4 runs have finished/s);
  const runs = () => findRuns([join(folder, "runs")]).map(({ folder: run }) => run);
  const before = runs();
  assert.equal(before.length, 4);

  rmSync(before[0] ?? "", { recursive: true });
  // What a file is called decides nothing of a run.
  renameSync(file, join(folder, "renamed.json"));
  const second = await cli(folder, "sweep", "renamed.json", "--steps", "3", "--json");
  assert.equal(second.code, 0, second.stderr);
  const printed = second.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const end = printed.at(-1) as { folder: string; variants: { name: string; seeds: number }[] };
  assert.deepEqual(
    end.variants.map(({ name, seeds }) => [name, seeds]),
    [
      ["as it is", 2],
      ["slower", 2],
    ],
  );
  assert.equal(runs().length, 4);
  assert.equal(runs().filter((run) => before.includes(run)).length, 3, "finished runs were kept");
  for (const name of ["table.md", "results.json", "curves.csv"]) assert.ok(existsSync(join(end.folder, name)), name);
});

test("train says where the run lies, shows its steps, and sums it up", async (t) => {
  const folder = workspace(t);
  const file = join(folder, "heldOut.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("Ask q", "Ask \\u001b[31m\\u009b q"));
  const { code, stdout, stderr } = await cli(folder, "train", "experiment.json", "--steps", "5", "--seed", "3");
  assert.equal(code, 0, stderr);
  const [run] = findRuns([join(folder, "runs")]);
  assert.ok(run);
  assert.equal(run.record.experiment.seed, 3);
  assert.match(stdout, new RegExp(`The run lies in ${run.folder}`));
  assert.match(stdout, /outlives this terminal.*Ctrl-C/);
  for (const step of [1, 2, 3, 4, 5]) assert.match(stdout, new RegExp(`^step ${step}/5 .*reward`, "m"));
  assert.match(stdout, /held-out accuracy before +│ \d+\.\d % \(95 % interval/);
  assert.match(stdout, /held-out accuracy after step 5/);
  assert.match(stdout, /hard rows after +│ \d+ of 16/);
  assert.equal(stdout.match(/^query {6}Ask/gm)?.length, 3);
  assert.equal(stdout.match(/^reward +[01]: /gm)?.length, 3);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey must not reach it
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test("--json prints one object for each event", async (t) => {
  const folder = workspace(t);
  const { code, stdout } = await cli(folder, "train", "experiment.json", "--json");
  assert.equal(code, 0);
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; state?: string; results?: object; step?: number });
  assert.equal(events[0]?.event, "start");
  assert.deepEqual(
    events.filter(({ event }) => event === "step").map(({ step }) => step),
    [1, 2, 3, 4, 5, 6],
  );
  const end = events.at(-1);
  assert.equal(end?.event, "end");
  assert.equal(end?.state, "finished");
  assert.deepEqual(Object.keys(end?.results ?? {}).sort(), [
    "accuracyAfter",
    "accuracyBefore",
    "hardAfter",
    "hardBefore",
    "steps",
  ]);
});

test("a detached run is listed, paused, resumed, stopped, and resumed to its end", async (t) => {
  // Slow enough that it lives until the command line, on a machine with other work, has come to pause it.
  const folder = workspace(t, { model: { delay_ms: 12 }, settings: { steps: 12 } });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(folder, ...args, "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout.trim().split("\n").at(-1) as string) as Printed;
  };
  const { run } = await json("train", "experiment.json", "--detach");
  const [listed] = (await json("runs")).runs;
  assert.match(listed?.state ?? "", /running|pausing/);
  assert.match((await json("pause")).state, /paus/);
  await until("the pause", async () => (await json("runs", "runs")).runs[0]?.state === "paused");
  assert.equal((await json("resume", (listed?.run ?? "").slice(0, 15), "--detach")).state, "running");
  await json("pause");
  assert.equal((await json("stop", run)).state, "stopped");
  const [stopped] = (await json("runs", "--runs", join(folder, "runs"))).runs;
  assert.equal(stopped?.state, "stopped");
  const refused = await cli(folder, "pause", run);
  complained(refused, 1, /does not live/);
  const resumed = await cli(folder, "resume");
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stdout, /^step 12\/12/m);
  assert.match((await cli(folder, "runs")).stdout, /│ finished +│ 12\/12/);
  complained(await cli(folder, "resume", run), 1, /has finished/);

  const evaluated = await json("eval", run);
  const { results = {} } = readRunRecord(run);
  assert.equal(evaluated.accuracy.value, results.accuracyAfter);
  const base = await json("eval", "experiment.json", "--rows", "4");
  assert.equal(base.accuracy.rows, 4);
  assert.match((await cli(folder, "eval", "experiment.json")).stdout, /even +│ \d+\.\d % \(95 % interval/);
});

test("Ctrl-C stops with a checkpoint, a second one leaves the run to it", {
  skip: process.platform === "win32",
}, async (t) => {
  const folder = workspace(t, { model: { delay_ms: 4 } });
  const first = start(folder, ["train", "experiment.json"]);
  await until("the first step", () => /^step 1\//m.test(first.out()));
  first.child.kill("SIGINT");
  const ended = await first.ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /Stopping: a checkpoint is taken first\. Resume with: toolexpander resume /);
  assert.match(ended.stdout, /Stopped after step \d/);
  const [run] = findRuns([join(folder, "runs")]);
  assert.equal(run?.record.state, "stopped");

  writeWorkspace(folder, {
    model: { block_ms: 1500 },
    settings: { objective: { beta: 0.1, kl: "k3", klPlacement: "loss" } },
  });
  const second = start(folder, ["train", "experiment.json", "--json"]);
  await until("an update", () => /"activity":"updating"/.test(second.out()));
  second.child.kill("SIGINT");
  await until("the notice", () => /Press Ctrl-C again/.test(second.out()));
  second.child.kill("SIGINT");
  const left = await second.ended;
  assert.equal(left.code, 0);
  assert.match(left.stderr, /goes on in the background/);
  await until("the stop", () =>
    findRuns([join(folder, "runs")]).every(({ record, live }) => !live && record.state === "stopped"),
  );
});

test("a run that fails tells why and exits with 1", async (t) => {
  const folder = workspace(t, {}, "crashingEngine");
  complained(await cli(folder, "train", "experiment.json"), 1, /3 times without a new step/);
  assert.match((await cli(folder, "runs")).stdout, /failed/);
});

test("a defect exits with 70 and says where the details are", async (t) => {
  const folder = workspace(t);
  process.env[ENGINE_MODULE] = join(folder, "absent.ts");
  const result = await cli(folder, "eval", "experiment.json");
  complained(result, 70, /^A defect of ToolExpander: .*absent\.ts.*The details are in /);
  const log = /details are in (.*errors\.log)/.exec(result.stderr)?.[1];
  assert.match(readFileSync(log as string, "utf8"), /\n\s+at /);
  const trained = await cli(folder, "train", "experiment.json");
  complained(trained, 70, /defect of ToolExpander.*server\.log/);
  assert.match(
    readFileSync(join(findRuns([join(folder, "runs")])[0]?.folder as string, "server.log"), "utf8"),
    /\n\s+at /,
  );
});

test("a server that was killed leaves an interrupted run, which is said and can be resumed", async (t) => {
  const folder = workspace(t, { model: { delay_ms: 4 }, settings: { steps: 40 } });
  const watching = start(folder, ["train", "experiment.json"]);
  await until("the first step", () => /^step 1\//m.test(watching.out()));
  const [run] = findRuns([join(folder, "runs")]);
  killProcess(readServerFile(run?.folder as string)?.pid as number);
  const ended = await watching.ended;
  complained(ended, 70, /ended without a word.*Resume with: toolexpander resume/s);
  assert.match((await cli(folder, "runs")).stdout, /interrupted/);
  rmSync(join(run?.folder as string, "server.json"), { force: true });
  const { code, stdout } = await cli(folder, "resume");
  assert.equal(code, 0);
  assert.match(stdout, /finished/);
});

test("train says what to do where an experiment names a file of elsewhere, and --allow does it", async (t) => {
  const folder = workspace(t);
  const elsewhere = temporaryFolder(t);
  renameSync(join(folder, "train.jsonl"), join(elsewhere, "train.jsonl"));
  const file = join(folder, "experiment.json");
  const experiment: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...experiment, train: join(elsewhere, "train.jsonl") }));
  const refused = await cli(folder, "train", "experiment.json", "--steps", "1");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /\(train\): .* lies outside of the experiment's own project, .* --allow/);
  const trained = await cli(
    folder,
    "train",
    "experiment.json",
    "--steps",
    "1",
    "--allow",
    "/none",
    "--allow",
    elsewhere,
  );
  assert.equal(trained.code, 0, trained.stderr);
});
