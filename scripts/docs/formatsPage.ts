/** docs/formats.md: every file that a person writes or reads, from the schemas that check it. */
import { ExperimentFile, type PresetName, ResolvedSettings, type Settings } from "../../schemas/experiment.ts";
import { EditorJudge, EndpointJudge, ExactJudge } from "../../schemas/judges.ts";
import { PRESETS } from "../../schemas/presets.ts";
import { Question, RecordedResult } from "../../schemas/questions.ts";
import { ExcludeReplacement, FewShotReplacement, FixGoldReplacement } from "../../schemas/replacement.ts";
import { RunRecord } from "../../schemas/run.ts";
import { Demonstration, Sample } from "../../schemas/samples.ts";
import { resolveSettings } from "../../schemas/settings.ts";
import { Tool } from "../../schemas/tools.ts";
import { SkippedQuestion, Trajectory, TrajectoryHeader } from "../../schemas/trajectories.ts";
import { fieldsOf, type JsonSchema, table } from "./schemaTable.ts";

interface Format {
  heading: string;
  text: string[];
  schema: JsonSchema;
  /** Whose keys, where they mean the same, were told before. */
  beside?: JsonSchema;
}

const formats: readonly Format[] = [
  {
    heading: "Tools: `*.tools.json`",
    text: ["An array of tools in the OpenAI chat form; each has"],
    schema: Tool,
  },
  {
    heading: "Samples: `*.samples.jsonl`",
    text: ["One sample on each line, what a policy is trained or evaluated on."],
    schema: Sample,
  },
  {
    heading: "Demonstrations: `*.demos.jsonl`",
    text: ["One on each line: the pool that few-shots are taken from."],
    schema: Demonstration,
  },
  {
    heading: "Hand edits: `replacements/*.replacement.json`",
    text: [
      'One file for each sample that is edited; the replacement editor writes it. With `"action": "fewshot"`, other demonstrations:',
    ],
    schema: FewShotReplacement,
  },
  {
    heading: "",
    text: [
      'With `"action": "exclude"` the sample is left out. The other keys are those above, without `demonstrations`.',
    ],
    schema: ExcludeReplacement,
    beside: FewShotReplacement,
  },
  {
    heading: "",
    text: ['With `"action": "fixGold"` its answer is corrected; likewise without `demonstrations`.'],
    schema: FixGoldReplacement,
    beside: FewShotReplacement,
  },
  {
    heading: "Questions of several turns: `*.questions.jsonl`",
    text: ["One on each line; [episodes.md](episodes.md) says how they are played."],
    schema: Question,
  },
  {
    heading: "Recorded results: `*.results.jsonl`",
    text: ["What a tool has answered to a call before, one on each line."],
    schema: RecordedResult,
  },
  {
    heading: "Trajectories: `*.trajectories.jsonl`",
    text: ["Written by `toolexpander generate`. The first line says what made the others:"],
    schema: TrajectoryHeader,
  },
  { heading: "", text: ["Then a line for each question:"], schema: Trajectory },
  { heading: "", text: ["Or, where its judge could not be understood:"], schema: SkippedQuestion },
  {
    heading: "A run: `run.json`",
    text: [
      "The record of what was run and how it ended, in the run's folder. Beside it lie `run.sqlite` (every rollout, metric, probe and event: open",
      "it with any SQLite reader), `server.log`, `checkpoints/`, and after training `model/`, `adapter/` or both.",
    ],
    schema: RunRecord,
  },
];

export function formatsPage(): string {
  return [
    "# File formats",
    "",
    "Made by `node scripts/docs/reference.ts` from the schemas that check these files. Keys in *italics* may be left out. What is not named here",
    "is refused by its key. JSON Lines are UTF-8, one value on each line.",
    "",
    ...experimentSection(),
    ...formats.flatMap(({ heading, text, schema, beside }) => [
      ...(heading === "" ? [] : [`## ${heading}`, ""]),
      ...text,
      "",
      ...fieldTable(beside ? without(schema, beside) : schema),
    ]),
    ...presetSection(),
  ].join("\n");
}

const keyText = (key: string, optional: boolean): string => (optional ? `*\`${key}\`*` : `\`${key}\``);

/** The schema without the keys that are the same in another. */
function without({ properties = {}, ...others }: JsonSchema, { properties: known = {} }: JsonSchema): JsonSchema {
  const own = Object.entries(properties).filter(([name, part]) => JSON.stringify(part) !== JSON.stringify(known[name]));
  return { ...others, properties: Object.fromEntries(own) };
}

/** Keys of objects that are told elsewhere: settings, and samples inside of edits. */
const TOLD = /^experiment\.|\.settings\.|^original\./;

function fieldTable(schema: JsonSchema): string[] {
  // An object that has to be there says nothing that its keys do not say.
  const fields = fieldsOf(schema).filter(
    ({ key, type, optional, text }) => !TOLD.test(key) && (type !== "object" || optional || text !== ""),
  );
  return table(
    ["key", "what", ""],
    fields.map(({ key, type, optional, text }) => [keyText(key, optional), type, text]),
  );
}

function experimentSection(): string[] {
  const { settings: _, ...properties } = ExperimentFile.properties;
  return [
    "## Experiments: `experiment.json`, `*.experiment.json`",
    "",
    "What is trained on what, by which preset, and what is changed of it. Paths are relative to the file.",
    "",
    ...fieldTable({ properties, required: ExperimentFile.required ?? [] }),
    "### `settings`",
    "",
    "Every setting is the preset's unless the experiment says otherwise. The last column is what `grpo` has at the scale `micro`.",
    "",
    ...settingsTable(),
    "### `settings.spark.judge`",
    "",
    "Who scores the actions of trajectories ([judges.md](judges.md)). Nobody but the question's author:",
    "",
    ...fieldTable(ExactJudge),
    "A model behind an endpoint:",
    "",
    ...fieldTable(EndpointJudge),
    "Or a model of the editor:",
    "",
    ...fieldTable(EditorJudge),
  ];
}

function settingsTable(): string[] {
  const values = leaves(resolveSettings({ preset: "grpo", scale: "micro" }));
  const fields = fieldsOf(ResolvedSettings).filter(({ key }) => values.has(key));
  return table(
    ["key", "what", "", "grpo, micro"],
    fields.map(({ key, type, text }) => [`\`${key}\``, type, text, valueText(values.get(key))]),
  );
}

const valueText = (value: unknown): string => (value === undefined ? "" : `\`${JSON.stringify(value)}\``);

/** Values by the path of their setting; a list or a choice of a judge is one value. */
function leaves(settings: object, above = ""): Map<string, unknown> {
  return new Map(
    Object.entries(settings).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
      const key = above === "" ? name : `${above}.${name}`;
      const inner =
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !("kind" in value && key.endsWith("judge"));
      return inner ? [...leaves(value, key)] : [[key, value]];
    }),
  );
}

/** What each preset has that `grpo` has not, at the scale of the papers. */
function presetSection(): string[] {
  const of = (preset: PresetName): Settings => resolveSettings({ preset, scale: "paper" });
  const usual = leaves(of("grpo"));
  const rows = Object.keys(PRESETS)
    .filter(isPreset)
    .filter((name) => name !== "grpo")
    .map((name) => {
      const changed = [...leaves(of(name))].filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify(usual.get(key)),
      );
      return [`\`${name}\``, changed.map(([key, value]) => `\`${key}\` ${valueText(value)}`).join("; ")];
    });
  return [
    "## Presets",
    "",
    "What a preset changes of `grpo`, at the scale of the papers. Scales change sizes: steps, batches, lengths.",
    "",
    ...table(["preset", "changes"], rows),
  ];
}

const isPreset = (name: string): name is PresetName => Object.hasOwn(PRESETS, name);
