/**
 * The training worker: everything about runs that reads disks, connects to servers or renders prompts, away from the
 * extension host's own thread, which every other extension shares.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { createMessageConnection, PortMessageReader, PortMessageWriter } from "vscode-jsonrpc/node";
import { cacheFolder } from "../../../server/prompts/modelCache.ts";
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
  connection.listen();
}

runAsWorker(serve);
