#!/usr/bin/env node
/** The command line: what the editor does, without an editor. */
import { Command, Option } from "commander";
import { CHECKED_DEVICES } from "../schemas/devices.ts";
import { EXPORT_DTYPES, EXPORT_FORMATS } from "../schemas/exporting.ts";
import { REWARD_NAMES } from "../schemas/rewards.ts";
import { explain } from "./cli/exit.ts";
import {
  allow,
  detach,
  device,
  fraction,
  integer,
  json,
  profileName,
  ruleSeverity,
  runs,
  seed,
  threads,
} from "./cli/options.ts";
import { PROFILE_IDS } from "./language/analysis/profiles.ts";

// Loaded when they are run: help and complaints about the command line come at once.
const loadTrain = () => import("./cli/train.ts");
const loadRuns = () => import("./cli/runs.ts");
const loadControl = () => import("./cli/control.ts");
const loadEvaluate = () => import("./cli/evaluate.ts");
const loadGenerate = () => import("./cli/generate.ts");
const loadValidate = () => import("./cli/validate.ts");
const loadImport = () => import("./cli/import.ts");
const loadSweep = () => import("./cli/sweep.ts");
const loadRename = () => import("./cli/rename.ts");
const loadDevices = () => import("./cli/devices.ts");
const loadScore = () => import("./cli/score.ts");
const loadExport = () => import("./cli/export.ts");
const loadInstallCuda = () => import("./cli/installCuda.ts");
const loadModels = () => import("./cli/models.ts");

/** Takes the exit code of the command that was run. */
type Ended = (code: number) => void;

/** How a run may be named. */
const which = "run folder, run name or the beginning of one";

/** What trains. */
function addTraining(root: Command, ended: Ended): void {
  for (const [verb, preset, description] of [
    ["train", "grpo", "train a policy by reinforcement learning as an experiment file says"],
    ["sft", "sft", "fine-tune a model on the gold answers (preset sft) as an experiment file says"],
  ] as const) {
    root
      .command(verb)
      .description(`${description}. The run outlives the terminal; Ctrl-C stops it with a checkpoint.`)
      .argument("<experiment>", "experiment file")
      .addOption(seed())
      .addOption(device())
      .addOption(threads())
      .addOption(allow())
      .addOption(new Option("--preset <name>", "preset, in place of the experiment's; its settings stay over it"))
      .addOption(new Option("--steps <n>", "steps, in place of the experiment's").argParser(integer(1, 1e9)))
      .addOption(new Option("--runs <dir>", "folder the run's folder is made in, in place of the experiment's"))
      .addOption(detach())
      .addOption(json())
      .action(async (experiment: string, options) =>
        ended(await (await loadTrain()).trainCommand(preset, experiment, options)),
      );
  }

  root
    .command("sweep")
    .description(
      "the runs that an experiment's sweep plans, one after another; finished ones are kept, and all are compared",
    )
    .argument("<experiment>", "experiment file with a sweep")
    .option("--table", "train nothing; compare the runs there are")
    .addOption(threads())
    .addOption(allow())
    .addOption(new Option("--steps <n>", "steps of every run, in place of the experiment's").argParser(integer(1, 1e9)))
    .addOption(new Option("--runs <dir>", "folder the runs' folders are made in, in place of the experiment's"))
    .addOption(json())
    .action(async (experiment: string, options) => ended(await (await loadSweep()).sweepCommand(experiment, options)));
}

/** What this machine has, and what it may get. */
function addMachine(root: Command, ended: Ended): void {
  root
    .command("devices")
    .description("test the devices of this machine: what works, how fast, what falls back to the CPU, what is missing")
    .argument("[device...]", `devices to test: ${CHECKED_DEVICES.join(", ")} (default: all)`)
    .addOption(threads())
    .addOption(json())
    .action(async (devices: string[], options) => ended(await (await loadDevices()).devicesCommand(devices, options)));

  root
    .command("install-cuda")
    .description(
      "fetch ONNX Runtime's CUDA provider into your own folder; without --yes it only says what, from whom and where to",
    )
    .option("--yes", "fetch it")
    .option("--remove", "remove it instead")
    .option("--without-driver", "also where no NVIDIA driver is, as where a container image is built")
    .addOption(json())
    .action(async (options) => ended(await (await loadInstallCuda()).installCudaCommand(options)));
}

/** Runs, by their folders or names. */
function addRuns(root: Command, ended: Ended): void {
  root
    .command("runs")
    .description("list runs and how they do; live ones are asked")
    .argument("[dir]", "folder of the runs, as --runs")
    .addOption(runs())
    .addOption(json())
    .action(async (dir: string | undefined, options) => ended(await (await loadRuns()).runsCommand(dir, options)));

  root
    .command("pause")
    .description("hold a live run between two engine calls; it keeps its memory and goes on with resume")
    .argument("[run]", `${which} (default: the newest live run)`)
    .addOption(runs())
    .addOption(json())
    .action(async (run: string | undefined, options) => ended(await (await loadControl()).pauseCommand(run, options)));
  root
    .command("stop")
    .description("take a checkpoint and end a live run; it can be resumed")
    .argument("[run]", `${which} (default: the newest live run)`)
    .addOption(runs())
    .addOption(json())
    .action(async (run: string | undefined, options) => ended(await (await loadControl()).stopCommand(run, options)));
  root
    .command("resume")
    .description("go on with a paused run, or restart a stopped or interrupted one from its last checkpoint")
    .argument("[run]", `${which} (default: the newest that can be resumed)`)
    .addOption(runs())
    .addOption(detach())
    .addOption(json())
    .action(async (run: string | undefined, options) => ended(await (await loadControl()).resumeCommand(run, options)));
}

/** What is done with a policy. */
function addPolicies(root: Command, ended: Ended): void {
  root
    .command("eval")
    .description(
      "greedy accuracy and reward on held-out samples or a benchmark, with 95 % intervals, by category and tool",
    )
    .argument("<experiment-or-run>", "experiment file (its model), or a run (the policy it ended with)")
    .option("--model <dir>", "another model directory, or org/name of a downloaded model")
    .addOption(new Option("--rows <n>", "only the first rows").argParser(integer(1, 1e9)))
    .option("--samples <file>", "samples in place of the experiment's held-out ones")
    .option("--reward <name>", `reward in place of the experiment's: ${REWARD_NAMES.join(", ")}, or a file of your own`)
    .option("--bfcl <dir>", "BFCL's data (question, possible_answer) in place of samples: single-turn categories")
    .option("--category <name...>", "categories of BFCL (default: every one that is there)")
    .option("--api-bank <dir>", "API-Bank's data (level-1-given-desc, level-2-toolsearcher) in place of samples")
    .addOption(device())
    .addOption(threads())
    .addOption(allow())
    .addOption(runs())
    .addOption(json())
    .action(async (target: string, options) => ended(await (await loadEvaluate()).evaluateCommand(target, options)));

  root
    .command("generate")
    .description(
      "trajectories of an experiment's questions (SPaRK), wave by wave into a file; after an interruption the same command goes on",
    )
    .argument("<experiment>", "experiment file; its train names the questions, its trajectories the file to write")
    .option("--out <file>", "file to write, in place of the experiment's trajectories")
    .option("--questions <file>", "questions, in place of the experiment's train")
    .addOption(seed())
    .addOption(device())
    .addOption(threads())
    .addOption(allow())
    .addOption(json())
    .action(async (experiment: string, options) =>
      ended(await (await loadGenerate()).generateCommand(experiment, options)),
    );

  root
    .command("export")
    .description(
      "the policy of a run's checkpoint in a new folder, for transformers, PEFT, transformers.js or onnxruntime-genai",
    )
    .argument("<run>", which)
    .requiredOption("--to <dir>", "folder to write; it may be there, but not have anything in it")
    .addOption(
      new Option(
        "--as <format>",
        "safetensors: a model directory, an adapter merged into it; adapter: in PEFT's format; onnx: a graph with its weights",
      )
        .choices(EXPORT_FORMATS)
        .default("safetensors"),
    )
    .addOption(
      new Option("--checkpoint <step>", "step of the checkpoint (default: the newest)").argParser(integer(0, 1e9)),
    )
    .addOption(new Option("--dtype <name>", "precision of safetensors").choices(EXPORT_DTYPES).default("f32"))
    .addOption(runs())
    .addOption(json())
    .action(async (run: string, options, command: Command) => {
      if (options.dtype !== "f32" && options.as !== "safetensors")
        command.error(
          `error: --as ${options.as} is written in f32; --dtype ${options.dtype} goes with --as safetensors.`,
        );
      ended(await (await loadExport()).exportCommand(run, options));
    });

  root
    .command("models")
    .description("models that the Hugging Face tools have downloaded on this machine, and which of them can be trained")
    .option("--cache <dir>", "folder of the cache (default: as HF_HUB_CACHE and HF_HOME say)")
    .addOption(json())
    .action(async (options) => ended((await loadModels()).modelsCommand(options)));
}

/** What is done with files of data. */
function addFiles(root: Command, ended: Ended): void {
  root
    .command("score")
    .description(
      "score pairs of completion and gold answer with a reward, one JSON record a line in and out, without a run",
    )
    .requiredOption("--reward <name>", `${REWARD_NAMES.join(", ")}, or a file of your own`)
    .requiredOption("--input <file>", "pairs, one JSON record on each line")
    .option("--settings <json>", 'settings by reward, as an experiment has them: {"toolrl": {"granularity": "coarse"}}')
    .option("--corpus <dir>", "BFCL's data, with question and possible_answer, for pairs that refer to it")
    .action(async (options) => ended(await (await loadScore()).scoreCommand(options)));

  root
    .command("validate")
    .description("check tools, samples and demonstrations as the editor does; 1 where there are errors")
    .argument("<path...>", "files, folders or glob patterns")
    .addOption(
      new Option("--format <name>", "how findings are printed").choices(["text", "json", "sarif"]).default("text"),
    )
    .option("--dialect <name>", "dialect of the files, in place of the detected one")
    .addOption(new Option("--rule <id=severity>", "severity of a rule; may be repeated").argParser(ruleSeverity))
    .addOption(
      new Option(
        "--profile <name>",
        `provider whose own rules are in force: ${PROFILE_IDS.join(", ")}; may be repeated`,
      ).argParser(profileName),
    )
    .action(async (paths: string[], options) => ended(await (await loadValidate()).validateCommand(paths, options)));

  root
    .command("import")
    .description("samples of any known dialect (JSON, JSON Lines, Parquet) as files for training, split by tool")
    .argument("<path...>", "files, folders or glob patterns")
    .option("--out <dir>", "folder to write to", ".")
    .option("--dialect <name>", "dialect of the files, in place of the detected one")
    .addOption(new Option("--held-out <fraction>", "part of the rows to hold out").argParser(fraction).default(0.1))
    .addOption(seed("another one holds out other tools").default(17))
    .option("--force", "replace the files of an earlier import")
    .option("--dry-run", "only say what would be written")
    .addOption(json())
    .action(async (paths: string[], options) => ended(await (await loadImport()).importCommand(paths, options)));

  root
    .command("rename")
    .description("rename a tool, or a parameter of one, in all files that use it, of any size")
    .argument("<name>", "name of the tool or parameter (a path such as place.city for a nested one)")
    .argument("<new-name>", "its new name")
    .argument("[path...]", "folders and files (default: this folder)")
    .option("--tool <name>", "the tool of which <name> is a parameter")
    .option("--dry-run", "only say what would be changed")
    .addOption(json())
    .action(async (name: string, newName: string, paths: string[], options) =>
      ended(await (await loadRename()).renameCommand(name, newName, paths, options)),
    );
}

function program(ended: Ended): Command {
  const root = new Command("toolexpander")
    .description("Tool-calling reinforcement learning on small models.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(--help says more)");
  for (const add of [addTraining, addMachine, addRuns, addPolicies, addFiles]) add(root, ended);
  return root;
}

// `toolexpander runs | head` closes the pipe early; that is no defect.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 70));

try {
  let code = 0;
  await program((ended) => {
    code = ended;
  }).parseAsync();
  process.exitCode = code;
} catch (error) {
  process.exitCode = explain(error);
}
