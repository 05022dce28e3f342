/**
 * The engine process: owns the PolicyEngine and its blocking calls, answers the training server over the fork's channel,
 * and ends itself when the server is gone.
 */
import { resolve } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type CancellationToken, createMessageConnection, IPCMessageReader } from "vscode-jsonrpc/node";
import { IpcWriter } from "../../writers.ts";
import type { PolicyEngine } from "../policyEngine.ts";
import { toResponse } from "./errors.ts";
import {
  Create,
  Dispose,
  Drawn,
  ENGINE_MODULE,
  type EngineOptions,
  ExportAdapter,
  ExportModel,
  Generate,
  Limit,
  Load,
  Logprobs,
  Save,
  Update,
  Values,
} from "./messages.ts";

async function createEngine(options: EngineOptions): Promise<PolicyEngine> {
  const specifier = process.env[ENGINE_MODULE];
  if (specifier === undefined || specifier === "") {
    const { createOnnxEngine } = await import("../onnx/engine.ts");
    return createOnnxEngine(options);
  }
  const module = (await import(pathToFileURL(resolve(specifier)).href)) as {
    createEngine(options: EngineOptions): Promise<PolicyEngine>;
  };
  return module.createEngine(options);
}

/** Runs an engine call under the request's cancellation, and gives its error a form that crosses the border. */
async function answer<T>(token: CancellationToken, call: (signal: AbortSignal) => Promise<T>) {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const registration = token.onCancellationRequested(() => controller.abort());
  try {
    return await call(controller.signal);
  } catch (error) {
    return toResponse(error);
  } finally {
    registration.dispose();
  }
}

/** The same of a call without a result: null says that it is over. */
const done = (token: CancellationToken, call: () => Promise<void>) =>
  answer(token, async () => {
    await call();
    return null;
  });

function serve(): void {
  const connection = createMessageConnection(new IPCMessageReader(process), new IpcWriter(process));
  let engine: PolicyEngine | undefined;
  const present = (): PolicyEngine => {
    if (engine === undefined) throw new Error("The engine was not created yet");
    return engine;
  };

  connection.onRequest(Create, (options, token) =>
    answer(token, async () => {
      engine = await createEngine(options);
      return engine.info;
    }),
  );
  connection.onRequest(Generate, ({ call, prompts, n, sampling }, token) =>
    answer(token, async (signal) => {
      for await (const completion of present().generate(prompts, n, sampling, signal)) {
        await connection.sendNotification(Drawn, { call, completion });
        await turn(); // a cancellation that has arrived is seen between completions
        signal.throwIfAborted();
      }
      return null;
    }),
  );
  connection.onRequest(Logprobs, ({ groups, policy, temperature }, token) =>
    answer(token, (signal) => present().logprobs(groups, policy, temperature, signal)),
  );
  connection.onRequest(Values, ({ groups }, token) => answer(token, (signal) => present().values(groups, signal)));
  connection.onRequest(Update, (request, token) => answer(token, (signal) => present().update(request, signal)));
  connection.onRequest(Limit, (limits, token) => done(token, () => present().limit(limits)));
  connection.onRequest(Save, ({ dir }, token) => done(token, () => present().save(dir)));
  connection.onRequest(Load, ({ dir }, token) => done(token, () => present().load(dir)));
  connection.onRequest(ExportModel, ({ dir, dtype }, token) => done(token, () => present().exportModel(dir, dtype)));
  connection.onRequest(ExportAdapter, ({ dir }, token) => done(token, () => present().exportAdapter(dir)));
  connection.onRequest(Dispose, (token) => done(token, async () => engine?.dispose()));
  connection.listen();
}

// Without the server nobody reads the results. An engine call that blocks is the most that passes before this is seen.
process.on("disconnect", () => process.exit(0));
// Its log is the server's: what a full disk does not take of it is no reason to end.
process.stderr.on("error", () => {});
// Ctrl-C in a terminal reaches the whole process group; the server decides when the engine ends.
process.on("SIGINT", () => {});
serve();
