/**
 * What an extension host has of ours while one run after another is trained and looked at: the training service, and for each run
 * a panel's link to a worker thread. The view is a process of its own, as a webview is.
 */
import { fork } from "node:child_process";
import path from "node:path";
import type { RunStatus } from "../../extension/status/runStatus.ts";
import { TrainingService } from "../../extension/training/worker/trainingService.ts";
import { WorkerLink } from "../../extension/views/workerLink.ts";
import { type HostMessage, isHostMessage, type WorkerMessage } from "../../schemas/rolloutView.ts";
import type { FromView, HostAnswer, HostQuestion, ToView } from "../soak/messages.ts";

const WORKER = path.join(import.meta.dirname, "..", "..", "extension", "rollouts", "worker", "main.ts");
const OVER: readonly string[] = ["finished", "stopped", "failed", "interrupted"];

const say = (answer: HostAnswer): void => void process.send?.(answer);
const trouble = (error: unknown): void =>
  say({ kind: "trouble", what: error instanceof Error ? (error.stack ?? error.message) : String(error) });

const view = fork(path.join(import.meta.dirname, "soakView.ts"));
const tellView = (message: ToView): void => void view.send(message);

let link: WorkerLink<WorkerMessage, HostMessage> | undefined;
let current: string | undefined;
let shown = 0;

view.on("message", (message: FromView) => {
  if (message.kind === "shows") shown = message.rows;
  else if (message.message.kind === "request" || message.message.kind === "ack" || message.message.kind === "search") {
    link?.receive(message.message);
  }
});
view.on("exit", () => trouble("The view ended"));

const service = new TrainingService(undefined, { runs: heard, phase: () => {}, trouble });

function heard(runs: RunStatus[]): void {
  const run = runs.find(({ folder }) => folder === current);
  if (run === undefined || !OVER.includes(run.phase)) return;
  current = undefined;
  say({ kind: "ended", folder: run.folder, phase: run.phase, message: run.message ?? "", shown });
}

async function begin(experiment: string): Promise<void> {
  const started = await service.start({ experiment, another: true, device: "cpu" });
  if (started.kind === "twins") throw new Error("Another run of the experiment goes on");
  current = started.folder;
  link?.[Symbol.dispose]();
  link = new WorkerLink<WorkerMessage, HostMessage>({
    file: WORKER,
    name: "rollouts",
    data: { runDir: started.folder },
    accepts: isHostMessage,
    post: (message) => tellView({ kind: "said", message: message as HostMessage }),
    log: trouble,
  });
  link.warm();
  shown = 0;
  tellView({ kind: "look" });
  say({ kind: "begun", folder: started.folder });
}

process.on("message", (question: HostQuestion) => {
  if (question.kind === "run") begin(question.experiment).catch(trouble);
  else if (current !== undefined) service.stop(current).catch(trouble);
});
process.on("disconnect", () => {
  link?.[Symbol.dispose]();
  service.dispose();
  view.disconnect();
  process.exit();
});
say({ kind: "view", pid: view.pid ?? 0 });
