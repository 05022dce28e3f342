/** A workspace, and every verb of the command line on it that asks for neither a judge nor an installation. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { oneStep, shorten } from "../shortQuickstart.ts";
import { root } from "../sources.ts";

const REWARD = "export default ({ correct }) => Number(correct);\n";

/** @param folder empty */
export function writeVerbWorkspace(folder: string): void {
  const copy = (name: string): string => {
    const to = path.join(folder, name);
    cpSync(path.join(root, "examples", name), to, { recursive: true });
    return to;
  };
  const quickstart = copy("quickstart");
  shorten(quickstart, { ...oneStep, settings: { ...oneStep.settings, reward: "./own.mjs" } });
  writeFileSync(path.join(quickstart, "own.mjs"), REWARD);
  const tool = {
    name: "look_up",
    description: "Looks up.",
    parameters: { key: { type: "str", description: "What." } },
  };
  const row = {
    id: 1,
    query: "Look up a.",
    tools: JSON.stringify([tool]),
    answers: JSON.stringify([{ name: "look_up", arguments: { key: "a" } }]),
  };
  writeFileSync(path.join(quickstart, "xlam.json"), JSON.stringify([row]));
  const pair = { id: "a", gold: "<tool_call></tool_call>", completion: "no" };
  writeFileSync(path.join(quickstart, "pairs.jsonl"), `${JSON.stringify(pair)}\n`);

  const episodes = copy("episodes");
  const [question] = readFileSync(path.join(episodes, "train.questions.jsonl"), "utf8").split("\n");
  writeFileSync(path.join(episodes, "one.questions.jsonl"), `${question}\n`);
  const file = path.join(episodes, "experiment.json");
  const experiment: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  const spark = { judge: { kind: "exact" }, steps: 2, thought: 8, wave: 1 };
  writeFileSync(file, JSON.stringify({ ...experiment, threads: 1, settings: { lengths: { response: 60 }, spark } }));
  for (const name of ["home", "state", "runtime"]) mkdirSync(path.join(folder, name), { mode: 0o700 });
}

/** Where nothing of the person is found or changed. */
export const environmentIn = (folder: string): Record<string, string> => ({
  HOME: path.join(folder, "home"),
  XDG_STATE_HOME: path.join(folder, "state"),
  XDG_RUNTIME_DIR: path.join(folder, "runtime"),
  LOCALAPPDATA: path.join(folder, "state"),
});

/** Arguments, and the folder they are given in; in this order, since later ones need what earlier ones made. */
export const VERBS: readonly { in: string; args: readonly string[] }[] = [
  { in: "quickstart", args: ["--help"] },
  { in: "quickstart", args: ["validate", "."] },
  { in: "quickstart", args: ["import", "xlam.json", "--out", "imported", "--dry-run"] },
  { in: "quickstart", args: ["rename", "get_weather", "ask_weather", "tools", "--dry-run"] },
  { in: "quickstart", args: ["score", "--reward", "toolrl", "--input", "pairs.jsonl"] },
  { in: "quickstart", args: ["models"] },
  { in: "quickstart", args: ["devices", "cpu"] },
  { in: "quickstart", args: ["train", "experiment.json", "--json"] },
  { in: "quickstart", args: ["runs"] },
  { in: "quickstart", args: ["eval", "experiment.json", "--rows", "1"] },
  {
    in: "episodes",
    args: ["generate", "experiment.json", "--questions", "one.questions.jsonl", "--out", "a.trajectories.jsonl"],
  },
];
