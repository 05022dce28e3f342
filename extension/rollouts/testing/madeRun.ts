/** Run folders for tests and benchmarks: everything of a run but the training, written by the real writer. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { PRESETS } from "../../../schemas/presets.ts";
import { RUN_FORMAT, type RunRecord } from "../../../schemas/run.ts";
import type { Sample } from "../../../schemas/samples.ts";
import { hashInput } from "../../../server/store/hashInput.ts";
import type { RolloutRecord } from "../../../server/store/rows.ts";
import { writeRunRecord } from "../../../server/store/runFolder.ts";
import { RunWriter } from "../../../server/store/writer.ts";
import { ALLOWED_FOLDERS } from "../../../server/toolcalls/project.ts";
import { rewardNamed } from "../../../server/toolcalls/rewards/rewardNamed.ts";

const tools = ["get_weather", "set_alarm", "send_message", "book_table"];
const cities = ["Oslo", "Lima", "Kyoto", "Accra", "Quito"];
const judge = rewardNamed("toolexpander");

const callText = (name: string, args: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;

export const sampleAt = (index: number): Sample => {
  const name = tools[index % tools.length] as string;
  const city = cities[index % cities.length] as string;
  return {
    id: `row-${String(index).padStart(4, "0")}`,
    query: `Request ${index} about ${city}.`,
    tools,
    answer: index % 11 === 10 ? [] : [{ name, arguments: { city, days: index % 7, options: { unit: "C" } } }],
  };
};

/** What a policy may write: a function of its place, so that the same place gives the same bits. */
function completionAt(sample: Sample, number: number): string {
  const [gold] = sample.answer;
  const name = gold?.name ?? (tools[number % tools.length] as string);
  const args = gold?.arguments ?? { city: "Oslo" };
  switch ((number * 7) % 5) {
    case 0:
    case 1:
      return sample.answer.length === 0 ? "No tool fits." : callText(name, args);
    case 2:
      return callText(name, { ...args, days: 9, extra: "by mistake" });
    case 3:
      return callText(tools[(number + 1) % tools.length] as string, { city: "Lima" });
    default:
      return `<tool_call>\n{"name": "${name}", "arguments": {"city": `;
  }
}

export interface Padding {
  /** Characters of a thought in front of each completion, so that rows weigh what real ones do. */
  thought: number;
  promptLength: number;
}

export function groupAt(
  step: number,
  group: number,
  groupSize: number,
  rows: number,
  padding?: Padding,
): RolloutRecord[] {
  const sample = sampleAt((step * 31 + group * 7) % rows);
  const thought = padding ? `${"I consider the request. ".repeat(padding.thought / 24)}\n` : "";
  const prompt = `${sample.query}\n${"tools ".repeat((padding?.promptLength ?? 60) / 6)}`;
  const rollouts = Array.from({ length: groupSize }, (_, rollout): RolloutRecord => {
    const number = step * 131 + group * 17 + rollout;
    const text = completionAt(sample, number);
    const { reward, parts, reason } = judge(text, sample);
    return {
      group,
      rollout,
      sample: sample.id,
      prompt,
      completion: thought + text,
      tokens: new Int32Array(40 + (number % 30)),
      logprobs: new Float32Array(40 + (number % 30)),
      entropy: 0.4,
      reward,
      parts,
      reason,
      correct: reward === 1,
      formatOk: parts.format === 1,
      truncated: parts.format === 0 && number % 2 === 0,
      advantage: null,
    };
  });
  const mean = rollouts.reduce((sum, { reward }) => sum + reward, 0) / groupSize;
  return rollouts.map((rollout) => ({ ...rollout, advantage: rollout.reward - mean }));
}

export const stepOf = (step: number, groups: number, groupSize: number, rows: number, padding?: Padding) => ({
  step,
  metrics: { loss: 1 / step },
  timings: { milliseconds: 10 },
  rollouts: Array.from({ length: groups }, (_, group) => groupAt(step, group, groupSize, rows, padding)).flat(),
});

export interface MadeRun extends Disposable {
  /** The run folder. */
  folder: string;
  /** The file of its training samples. */
  samples: string;
  writer: RunWriter;
  /** As at the end of a run; may come before the disposal. */
  close(): void;
  /** Makes another run of what is written so far. */
  copyTo(folder: string): void;
}

const toolNamed = (name: string) => ({
  type: "function",
  function: {
    name,
    description: `Does ${name}.`,
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "integer" }, options: { type: "object" } },
    },
  },
});

/** A run with a record, samples and an empty store. */
export function makeRun({
  rows = 40,
  state = "running" as RunRecord["state"],
  model = undefined as string | undefined,
} = {}): MadeRun {
  const root = mkdtempSync(join(tmpdir(), "run-"));
  // A model of elsewhere is one that the person has allowed.
  if (model !== undefined) process.env[ALLOWED_FOLDERS] = model;
  writeFileSync(join(root, "all.tools.json"), JSON.stringify(tools.map(toolNamed)));
  const samples = join(root, "train.samples.jsonl");
  writeFileSync(samples, Array.from({ length: rows }, (_, row) => `${JSON.stringify(sampleAt(row))}\n`).join(""));
  const folder = join(root, "runs", "20261120-140509-test");
  mkdirSync(folder, { recursive: true });
  writeRunRecord(folder, {
    format: RUN_FORMAT,
    id: "20261120-140509-test",
    name: "test",
    created: "2026-11-20T14:05:09.000Z",
    experiment: experimentOf(root, samples, model ?? join(root, "policy")),
    versions: { product: "0.1.0", node: process.version, onnxruntime: "1.30.0" },
    inputs: [hashInput(samples)],
    state,
    started: "2026-11-20T14:05:09.000Z",
  });
  const writer = RunWriter.open(folder);
  let open = true;
  const close = () => {
    if (open) writer.close();
    open = false;
  };
  return {
    folder,
    samples,
    writer,
    close,
    copyTo: (other) => {
      close();
      cpSync(folder, other, { recursive: true });
    },
    [Symbol.dispose]: () => {
      close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

const experimentOf = (root: string, train: string, model: string): ResolvedExperiment => ({
  name: "test",
  preset: "grpo",
  scale: "micro",
  file: join(root, "test.experiment.json"),
  model,
  tools: [join(root, "all.tools.json")],
  train,
  heldOut: undefined,
  demonstrations: undefined,
  replacements: join(root, "replacements"),
  runs: join(root, "runs"),
  device: "cpu",
  threads: 1,
  seed: 0,
  settings: PRESETS.grpo.settings,
});
