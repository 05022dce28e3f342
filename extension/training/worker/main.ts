/**
 * The training worker: everything about runs that reads disks, connects to servers or renders prompts, away from the
 * extension host's own thread, which every other extension shares.
 */
import { workerData } from "node:worker_threads";
import { CancellationTokenSource, type MessageConnection } from "vscode-jsonrpc/node";
import type { JudgeOutcome } from "../../../schemas/judging.ts";
import { cacheFolder } from "../../../server/prompts/modelCache.ts";
import {
  AskModel,
  type AskModelParams,
  FollowJudging,
  GiveJudgeKey,
  JudgingChanged,
  OfferJudge,
  WithdrawJudge,
} from "../../judging/messages.ts";
import { type Answer, runAsWorker } from "../../workerProgram.ts";
import type { WorkerSetup } from "../messages.ts";
import {
  CheckDevices,
  CountHard,
  DeviceReported,
  DeviceStage,
  ListHard,
  ListModels,
  Look,
  PauseOnHard,
  PauseRun,
  ResumeRun,
  RunsChanged,
  StartPhaseChanged,
  StartRun,
  StopRun,
  TellHard,
  Trouble,
} from "../messages.ts";
import { checkAll } from "./deviceTests.ts";
import { JudgeLinks } from "./judgeLinks.ts";
import { trainableModels } from "./models.ts";
import { TrainingService } from "./trainingService.ts";

function serve(answer: Answer, connection: MessageConnection): void {
  const service = new TrainingService(workerData as WorkerSetup, {
    runs: (runs) => void connection.sendNotification(RunsChanged, runs),
    phase: (phase) => void connection.sendNotification(StartPhaseChanged, phase),
    trouble: (error) =>
      void connection.sendNotification(
        Trouble,
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      ),
  });
  answer(Look, (sources) => service.look(sources));
  answer(StartRun, (params) => service.start(params));
  answer(ResumeRun, (params) => service.resume(params));
  answer(PauseRun, ({ folder }) => service.pause(folder));
  answer(PauseOnHard, ({ folder, on }) => service.pauseOnHard(folder, on));
  answer(StopRun, ({ folder }) => service.stop(folder));
  answer(CountHard, ({ folder }) => service.hardCounts(folder));
  answer(ListHard, ({ folder }) => service.hardSamples(folder));
  answer(ListModels, async () => trainableModels(cacheFolder()));
  answer(TellHard, ({ folder, sample }) => service.hardHistory(folder, sample));
  answer(CheckDevices, ({ check, devices }, token) =>
    checkAll(devices, token, {
      stage: (device, stage) => void connection.sendNotification(DeviceStage, { check, device, stage }),
      report: (report) => void connection.sendNotification(DeviceReported, { check, report }),
    }),
  );
  serveJudging(answer, connection);
}

function serveJudging(answer: Answer, connection: MessageConnection): void {
  const links = new JudgeLinks({
    changed: (list) => void connection.sendNotification(JudgingChanged, list),
    ask: (params, signal) => askHost(connection, params, signal),
  });
  answer(FollowJudging, ({ files }) => links.follow(files));
  answer(OfferJudge, ({ file }) => links.offer(file));
  answer(GiveJudgeKey, ({ file, key }) => links.giveKey(file, key));
  answer(WithdrawJudge, ({ file }) => links.withdraw(file));
}

async function askHost(
  connection: MessageConnection,
  params: AskModelParams,
  signal: AbortSignal,
): Promise<JudgeOutcome> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await connection.sendRequest(AskModel, params, source.token);
  } finally {
    signal.removeEventListener("abort", cancel);
    source.dispose();
  }
}

runAsWorker(serve);
