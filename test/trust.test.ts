/** In a workspace without trust everything can be looked at, and nothing of its files is made to run. */
import assert from "node:assert/strict";
import { join } from "node:path";
import test, { beforeEach } from "node:test";
import type * as vscode from "vscode";
import { standing } from "./hostile/editor.ts";
import { chosen, commands, log, shown, Uri } from "./hostile/vscode.ts";
import { root } from "./sources.ts";

const { registerCommands } = await import("../extension/commands/register.ts");
const { commandNames } = await import("../extension/commands/names.ts");
const { Runs } = await import("../extension/status/runs.ts");
const { allowedFolders } = await import("../extension/settings.ts");

type Workbench = Parameters<typeof registerCommands>[0];

/** What the service of the runs is asked for, by name. */
const asked: string[] = [];

const RUN = { folder: "/runs/a", id: "a", name: "a", phase: "interrupted" };
const PAUSED = { ...RUN, folder: "/runs/b", phase: "paused" };

/** Answers of the service; whatever else is asked of anything is answered with nothing. */
const ANSWERS: Record<string, unknown> = {
  list: [RUN, PAUSED],
  experiments: [Uri.file("/workspace/experiment.json")],
  find: (folder: string) => [RUN, PAUSED].find((run) => run.folder === folder),
  look: async () => [RUN, PAUSED],
  models: async () => ({ cache: "", models: [] }),
  onDidChangeStartPhase: () => ({ dispose() {} }),
  start: async () => ({ kind: "ended", folder: RUN.folder }),
  resume: async () => ({ kind: "ended", folder: RUN.folder }),
};
const runs = new Proxy(ANSWERS, {
  get(answers, name: string) {
    const answer = answers[name];
    if (answer !== undefined && typeof answer !== "function") return answer;
    return (...args: unknown[]) => {
      asked.push(name);
      return typeof answer === "function" ? answer(...args) : Promise.resolve(undefined);
    };
  },
});
const nothing = (): object => new Proxy(() => {}, { get: () => nothing(), apply: () => Promise.resolve(undefined) });

registerCommands(
  standing<Workbench>({
    runs,
    log,
    // The engine is where the extension is.
    context: { asAbsolutePath: (path: string) => join(root, path) },
    ...{
      views: nothing(),
      devices: { decision: async () => ({ why: "" }), check: async () => {} },
      hardSamples: nothing(),
      language: nothing(),
    },
    ...{ largeFiles: nothing(), replacements: nothing(), judges: nothing(), practice: nothing() },
    generation: { generations: { generate: async () => void asked.push("generate") } },
  }),
);

/** What makes files of the workspace run, or sends them somewhere. */
const RUNNING = ["start", "resume", "generate", "offerJudge", "giveJudgeKey"];

async function everyCommand(): Promise<void> {
  for (const name of commandNames)
    for (const target of [
      undefined,
      { folder: RUN.folder },
      { folder: PAUSED.folder },
      Uri.file("/workspace/experiment.json"),
    ])
      await commands.registered.get(name)?.(target);
}

beforeEach(() => {
  asked.splice(0);
  shown.splice(0);
});

test("no command starts or resumes a run before the workspace is trusted, whatever it is called on", async () => {
  chosen.trusted = false;
  await everyCommand();
  assert.deepEqual(
    asked.filter((name) => RUNNING.includes(name)),
    [],
  );
  assert.ok(asked.includes("look") && asked.includes("pause") && asked.includes("stop"), "looking and stopping go on");
  assert.ok(
    shown.some(({ text }) => /waits until you trust/.test(text)),
    "why nothing happens is said",
  );
});

test("the same commands do once it is", async () => {
  chosen.trusted = true;
  await everyCommand();
  for (const name of ["start", "resume", "generate"]) assert.ok(asked.includes(name), name);
});

test("the service itself refuses, should a way to it lead past the commands", async () => {
  chosen.trusted = false;
  const service = new Runs(
    standing<vscode.ExtensionContext>({
      ...{
        extensionPath: "/nowhere",
        globalStorageUri: Uri.file("/nowhere"),
        extension: { packageJSON: { version: "0" } },
      },
      asAbsolutePath: (path: string) => `/nowhere/${path}`,
    }),
    standing<vscode.LogOutputChannel>(log),
  );
  const waits = { name: "InputError", message: /waits until you trust/ };
  await assert.rejects(service.start({ experiment: "/workspace/experiment.json", another: false }), waits);
  await assert.rejects(service.resume("/runs/a"), waits);
  await assert.rejects(service.offerJudge("/a.judging.json"), waits);
  await assert.rejects(service.giveJudgeKey("/a.judging.json", "key"), waits);
  service.dispose();
});

test("folders that are allowed are absolute, and those of the workspace are among them", () => {
  chosen.settings.set("allowedFolders", ["/data", "relative", 7]);
  assert.deepEqual(allowedFolders(), ["/workspace", "/data"]);
  chosen.settings.set("allowedFolders", "/data");
  assert.deepEqual(allowedFolders(), ["/workspace"]);
});
