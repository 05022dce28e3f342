/**
 * The training worker: everything about runs that reads disks, connects to servers or renders prompts, away from the
 * extension host's own thread, which every other extension shares.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  PortMessageReader,
  PortMessageWriter,
} from "vscode-jsonrpc/node";
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
import { answering, runAsWorker } from "../../workerProgram.ts";
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

function serve(port: MessagePort): void {
  const connection = createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port));
  const service = new TrainingService(workerData as WorkerSetup, {
    runs: (runs) => void connection.sendNotification(RunsChanged, runs),
    phase: (phase) => void connection.sendNotification(StartPhaseChanged, phase),
    trouble: (error) =>
      void connection.sendNotification(
        Trouble,
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      ),
  });
  connection.onRequest(
    Look,
    answering((sources) => service.look(sources)),
  );
  connection.onRequest(
    StartRun,
    answering((params) => service.start(params)),
  );
  connection.onRequest(
    ResumeRun,
    answering((params) => service.resume(params)),
  );
  connection.onRequest(
    PauseRun,
    answering(({ folder }) => service.pause(folder)),
  );
  connection.onRequest(
    PauseOnHard,
    answering(({ folder, on }) => service.pauseOnHard(folder, on)),
  );
  connection.onRequest(
    StopRun,
    answering(({ folder }) => service.stop(folder)),
  );
  connection.onRequest(
    CountHard,
    answering(({ folder }) => service.hardCounts(folder)),
  );
  connection.onRequest(
    ListHard,
    answering(({ folder }) => service.hardSamples(folder)),
  );
  connection.onRequest(
    ListModels,
    answering(async () => trainableModels(cacheFolder())),
  );
  connection.onRequest(
    TellHard,
    answering(({ folder, sample }) => service.hardHistory(folder, sample)),
  );
  connection.onRequest(CheckDevices, ({ check, devices }, token) =>
    answering(() =>
      checkAll(devices, token, {
        stage: (device, stage) => void connection.sendNotification(DeviceStage, { check, device, stage }),
        report: (report) => void connection.sendNotification(DeviceReported, { check, report }),
      }),
    )(undefined),
  );
  serveJudging(connection);
  connection.listen();
}

function serveJudging(connection: MessageConnection): void {
  const links = new JudgeLinks({
    changed: (list) => void connection.sendNotification(JudgingChanged, list),
    ask: (params, signal) => askHost(connection, params, signal),
  });
  connection.onRequest(
    FollowJudging,
    answering(({ files }) => links.follow(files)),
  );
  connection.onRequest(
    OfferJudge,
    answering(({ file }) => links.offer(file)),
  );
  connection.onRequest(
    GiveJudgeKey,
    answering(({ file, key }) => links.giveKey(file, key)),
  );
  connection.onRequest(
    WithdrawJudge,
    answering(({ file }) => links.withdraw(file)),
  );
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
