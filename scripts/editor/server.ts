/** VS Code, served to a browser on this machine's loopback for as long as somebody needs it. */
import { execFile } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { serverProgram } from "./places.ts";
import { ProcessGroup } from "./processGroup.ts";

export interface EditorOptions {
  /** The installed editor (`installEditor`). */
  editor: string;
  /** Folder for user data, extensions and log. Made where it is missing. */
  data: string;
  /** Home of everything that runs in the editor; this process's by default. */
  home?: string;
  /** Packaged extensions to install. */
  extensions?: readonly string[];
  /** Asked for at the door; whoever reaches the loopback gets in without one. */
  password?: string;
  /** Whether a folder has to be trusted by hand before it may run code. */
  askForTrust?: boolean;
  settings?: Readonly<Record<string, unknown>>;
  /** Variables that everything in the editor sees. */
  environment?: Readonly<Record<string, string>>;
  /** Lets a page run tests in the extension host; it hides notifications too. */
  testDriver?: boolean;
  /** Ends by itself after this time without a page, so that a killed test leaves nothing. Seconds, more than 60. */
  idleSeconds?: number;
}

/** A quiet window: nothing opens, asks or updates by itself. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "window.autoDetectColorScheme": false,
  "telemetry.telemetryLevel": "off",
};

/** Time the server may take to listen; a cold disk under load is slow. Milliseconds. */
const START_MS = 120_000;

export class EditorServer implements AsyncDisposable {
  readonly address: string;
  readonly logFile: string;
  /** Installs a packaged extension, over another version of it where there is one; windows take it up when they are reloaded. */
  readonly install: (extension: string) => Promise<void>;
  readonly #group: ProcessGroup;

  constructor(address: string, logFile: string, group: ProcessGroup, install: (extension: string) => Promise<void>) {
    this.address = address;
    this.logFile = logFile;
    this.install = install;
    this.#group = group;
  }

  /** Address of a window on a folder; on no folder without one. */
  window(folder?: string, query: Readonly<Record<string, string>> = {}): string {
    const address = new URL(this.address);
    if (folder !== undefined) address.searchParams.set("folder", folder);
    else address.searchParams.set("ew", "true");
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    return address.href;
  }

  log(): string {
    return readFileSync(this.logFile, "utf8");
  }

  /** Ends the server and every extension host. Runs of ours are in groups of their own and go on. */
  async stop(): Promise<void> {
    await this.#group.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Installs the extensions and starts the server. @throws Error with the end of the log where it does not come up */
export async function startEditor(options: EditorOptions): Promise<EditorServer> {
  const data = path.resolve(options.data);
  const folders = { users: path.join(data, "user-data"), extensions: path.join(data, "extensions") };
  for (const folder of [path.join(folders.users, "User"), folders.extensions]) mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folders.users, "User", "settings.json"),
    JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2),
  );
  const config = path.join(data, "config.yaml");
  writeFileSync(config, "{}\n");
  const common = ["--config", config, "--user-data-dir", folders.users, "--extensions-dir", folders.extensions];
  const environment = environmentOf(options, data);
  const install = (extension: string) => installExtension(options.editor, common, extension, environment);
  for (const extension of options.extensions ?? []) await install(extension);

  const logFile = path.join(data, "server.log");
  const log = openSync(logFile, "w");
  const group = new ProcessGroup(process.execPath, [serverProgram(options.editor), ...common, ...flagsOf(options)], {
    cwd: data,
    env: environment,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  try {
    return new EditorServer(await addressIn(logFile, group), logFile, group, install);
  } catch (error) {
    await group.stop();
    throw error;
  }
}

function flagsOf(options: EditorOptions): string[] {
  return [
    ...["--auth", options.password === undefined ? "none" : "password", "--bind-addr", "127.0.0.1:0"],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--disable-proxy"],
    ...["--ignore-last-opened", "--reconnection-grace-time", "5"],
    ...(options.askForTrust ? [] : ["--disable-workspace-trust"]),
    ...(options.testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...(options.idleSeconds === undefined ? [] : ["--idle-timeout-seconds", String(options.idleSeconds)]),
  ];
}

/** Without what an editor that we were started from, or a test runner, put there for processes of its own. */
function environmentOf({ home, password, environment: added }: EditorOptions, data: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|CODE_SERVER_|NODE_|npm_|ELECTRON_|PASSWORD$|HASHED_PASSWORD$|PORT$)/.test(name),
  );
  const environment: NodeJS.ProcessEnv = { ...Object.fromEntries(inherited), ...added };
  if (password !== undefined) environment.PASSWORD = password;
  if (home === undefined) return environment;
  const temporary = path.join(data, "tmp");
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The base folders of the person's own session must not leak into a home that is to be clean.
  for (const name of Object.keys(environment)) if (name.startsWith("XDG_")) delete environment[name];
  return { ...environment, HOME: home, TMPDIR: temporary };
}

async function installExtension(
  editor: string,
  common: readonly string[],
  extension: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const args = [serverProgram(editor), ...common, "--install-extension", extension, "--force"];
  await promisify(execFile)(process.execPath, args, { env: environment, timeout: START_MS });
}

/** The port is any that was free; the log tells it. */
async function addressIn(logFile: string, group: ProcessGroup): Promise<string> {
  let exit: { code: number | null } | undefined;
  void group.ended.then((code) => {
    exit = { code };
  });
  const deadline = performance.now() + START_MS;
  for (;;) {
    const log = readFileSync(logFile, "utf8");
    const address = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+\/)/.exec(log)?.[1];
    if (address !== undefined) return address;
    const why = exit ? `ended with ${exit.code}` : performance.now() > deadline && "did not come up";
    if (why) throw new Error(`The editor's server ${why}. Its log:\n${log.slice(-4000)}`);
    await sleep(25);
  }
}
