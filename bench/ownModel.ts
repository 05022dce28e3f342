/**
 * `npm run bench:own-model`: the README's section on bringing a model, command by command as it stands there, on a random model of
 * Qwen2.5-0.5B's shape in a cache of its own. The experiment gets steps that a small machine can do; nothing else of it is changed.
 *
 *     npm run build && node bench/ownModel.ts [--out DIR]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import type { ExperimentFile } from "../schemas/experiment.ts";
import { describeMachine, otherLoad } from "../scripts/machine.ts";
import { markdownTable } from "../server/training/sweep/markdownTable.ts";
import { MICRO_POLICY, QUICKSTART } from "./engine/quickstart.ts";
import { downloadedModel } from "./ownModel/download.ts";
import { ownModelSection } from "./ownModel/readme.ts";
import { TreeMemory } from "./processMemory.ts";
import { describe } from "./report.ts";

/** Two steps of two groups, over the shapes of the real thing. */
const SMALL: ExperimentFile["settings"] = {
  steps: 2,
  sampling: { promptsPerStep: 2, groupSize: 4 },
  lengths: { prompt: 512, response: 32 },
  optimizer: { promptsPerMiniBatch: 2 },
  probe: { before: false, after: false },
};

/** Rows of the held-out samples: all are answered before and after training. */
const HELD_OUT = 4;

interface Walked {
  command: string;
  seconds: number;
  megabytes: number;
  /** The last lines of its answer. */
  said: string;
}

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { out: { type: "string", default: join(import.meta.dirname, "results") } } });
const machine = describeMachine();
const load = await otherLoad();
const { experiment, commands } = ownModelSection();
const home = mkdtempSync(join(tmpdir(), "toolexpander-own-model-"));
try {
  const cache = join(home, "huggingface");
  downloadedModel(join(cache, "hub"), experiment.model, MICRO_POLICY);
  prepareFolder(join(home, "mine"), experiment);
  // The commands name their files from the folder that they are given in.
  symlinkSync(join(root, "dist"), join(home, "dist"));
  const walked: Walked[] = [];
  for (const command of commands) {
    walked.push(await walk(command, home, { ...process.env, HF_HOME: cache }));
    console.log(`${walked.at(-1)?.command}\n${walked.at(-1)?.said}\n`);
  }
  const files = readdirSync(join(home, "mine", "adapter"));
  write(walked, files);
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Files of the names that the experiment has for them, with what the quickstart has in its own. */
function prepareFolder(folder: string, { tools, train, heldOut, settings, ...others }: ExperimentFile): void {
  mkdirSync(folder);
  const quickstart = JSON.parse(readFileSync(join(QUICKSTART, "experiment.json"), "utf8")) as ExperimentFile;
  const catalogs = quickstart.tools.map((file): unknown[] => JSON.parse(readFileSync(join(QUICKSTART, file), "utf8")));
  writeFileSync(join(folder, tools[0] ?? ""), JSON.stringify(catalogs.flat()));
  for (const [name, source, rows] of [
    [train, quickstart.train, Number.POSITIVE_INFINITY],
    [heldOut, quickstart.heldOut, HELD_OUT],
  ] as const)
    if (name && source) writeFileSync(join(folder, name), firstLines(join(QUICKSTART, source), rows));
  const optimizer = { ...settings?.optimizer, ...SMALL?.optimizer };
  const small = { ...others, tools, train, heldOut, settings: { ...settings, ...SMALL, optimizer } };
  writeFileSync(join(folder, "experiment.json"), JSON.stringify(small, null, 2));
}

function firstLines(file: string, count: number): string {
  const lines = readFileSync(file, "utf8").split(/(?<=\n)/);
  return lines.slice(0, count).join("");
}

async function walk(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Walked> {
  const since = performance.now();
  const child = spawn(process.execPath, ["dist/cli.js", ...command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const memory = new TreeMemory(child.pid as number);
  const [code, printed, told] = await Promise.all([ended(child), text(child.stdout), text(child.stderr)]);
  const megabytes = memory.end();
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${printed}${told}`);
  const said = printed.replaceAll(home, "…").trimEnd().split("\n").slice(-6).join("\n");
  return {
    command: `node dist/cli.js ${command.join(" ")}`,
    seconds: (performance.now() - since) / 1000,
    megabytes,
    said,
  };
}

async function ended(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, "close");
  return code;
}

async function text(stream: Readable): Promise<string> {
  let read = "";
  for await (const part of stream.setEncoding("utf8")) read += part;
  return read;
}

function write(walked: readonly Walked[], files: readonly string[]): void {
  const page = [
    "# The README's section on bringing a model, followed to the letter",
    "",
    `By \`npm run bench:own-model\`: a random model of Qwen2.5-0.5B's shape (494 million parameters, bfloat16, two shards) in a Hugging Face ` +
      `cache, the commands of the section in their order, its experiment with ${JSON.stringify(SMALL)} over it, the quickstart's samples, ${HELD_OUT} of them held out.`,
    "",
    describe(machine, load),
    "",
    ...markdownTable([
      ["command", "seconds", "most memory, MB"],
      ...walked.map(({ command, seconds, megabytes }) => [`\`${command}\``, seconds.toFixed(1), String(megabytes)]),
    ]),
    "",
    `The adapter: ${files.join(", ")}.`,
    "",
    "## What the commands said at their end",
    "",
    ...walked.flatMap(({ command, said }) => ["```", `$ ${command}`, said, "```", ""]),
  ].join("\n");
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, "own-model.md"), page);
  writeFileSync(join(values.out, "own-model.json"), `${JSON.stringify({ machine, load, walked, files }, null, 2)}\n`);
}
