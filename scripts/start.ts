/** Serves the editor on a copy of the quickstart, with the extension installed and a run going on in it. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { Command, Option } from "commander";
import { bundleAll } from "./bundle.ts";
import { findCode, openDesktop } from "./editor/desktop.ts";
import { EditorUnavailable, installEditor } from "./editor/install.ts";
import { editor } from "./editor/places.ts";
import { type EditorServer, startEditor } from "./editor/server.ts";
import { workspaceFor } from "./editor/workspace.ts";
import { targetHere } from "./packaging/targets.ts";
import { packageExtension } from "./packaging/vsix.ts";

const root = path.resolve(import.meta.dirname, "..");
const quickstart = path.join(root, "examples", "quickstart");
const scratch = path.join(root, ".scratch");
/** User data and extensions of the editor that is started here; none of it is the person's own. */
const data = path.join(scratch, "editor");

const say = (text: string): void => console.log(text);

const program = new Command("npm start --")
  .description("Opens the quickstart in VS Code with the extension installed, and trains it.")
  .addOption(new Option("--headless", "train in the terminal only; no editor is installed or opened"))
  .addOption(new Option("--browser", "VS Code in the browser, also where the desktop's `code` is there"))
  .addHelpText("after", "\nWhat else is given goes to the training, as `--steps 20` (node dist/cli.js train --help).")
  .allowUnknownOption()
  .allowExcessArguments()
  .parse();
const options = program.opts<{ headless?: true; browser?: true }>();

/** What is open beside the terminal. */
interface Opened {
  workspace: string;
  server?: EditorServer;
}

/** Opens an editor with the extension; undefined, after saying why, where none can be had. */
async function openEditor(): Promise<Opened | undefined> {
  const target = targetHere();
  if (target === undefined) {
    say(`No extension is made for ${process.platform}-${process.arch}; training without an editor.`);
    return undefined;
  }
  try {
    const code = options.browser ? undefined : findCode();
    const installed = code === undefined ? await installEditor(say) : "";
    const extension = await packageExtension(target);
    const workspace = workspaceFor(quickstart, scratch);
    if (code === undefined) return { workspace, server: await serve(installed, extension, workspace) };
    await openDesktop(code, extension, workspace, data);
    say(`Opened ${workspace} in desktop VS Code (npm start -- --browser for VS Code in the browser).`);
    return { workspace };
  } catch (error) {
    if (!(error instanceof EditorUnavailable)) throw error;
    say(`${error.message}\nTraining without an editor (npm start -- --headless asks for that).`);
    return undefined;
  }
}

async function serve(installed: string, extension: string, workspace: string): Promise<EditorServer> {
  const password = randomBytes(12).toString("base64url");
  const server = await startEditor({ editor: installed, data, extensions: [extension], password });
  say(`VS Code ${editor.vscode} with ToolExpander, for this machine only and as long as this command runs:`);
  say(`\n  address   ${server.window(workspace)}\n  password  ${password}\n`);
  if (process.env.SSH_CONNECTION) {
    const { port } = new URL(server.address);
    say(`From your own machine, first: ssh -L ${port}:127.0.0.1:${port} and this host\n`);
  }
  return server;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Listener = (signal: (typeof signals)[number]) => void;

/** Who is to be told. Nobody, until there is something to end in order: what was begun is then begun anew the next time. */
const listeners: Listener[] = [];
for (const signal of signals) {
  process.on(signal, () => {
    if (listeners.length === 0) process.exit(1);
    for (const listener of listeners) listener(signal);
  });
}

/** The command line trains and shows the progress, as it does for anybody: its Ctrl-C stops the run with a checkpoint. */
async function train(workspace: string): Promise<number> {
  const cli = path.join(root, "dist", "cli.js");
  const args = [cli, "train", path.join(workspace, "experiment.json"), ...program.args];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  // A terminal tells the whole foreground group by itself; a second interrupt would mean something else.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  listeners.push((signal) => {
    if (signal !== "SIGINT" || !onTerminal) child.kill(signal);
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("error", (error) => {
    console.error(`The training cannot be started: ${error.message}`);
    resolve(1);
  });
  child.once("exit", (code) => resolve(code ?? 1));
  return promise;
}

/** Ends when the training has, and the editor that was served is closed by Ctrl-C. */
async function start(): Promise<number> {
  const failed = await bundleAll(path.join(root, "dist"));
  if (failed.length > 0) {
    console.error(`Build failed: ${failed.join(", ")}`);
    return 1;
  }
  const opened = options.headless ? undefined : await openEditor();
  let interrupted = false;
  const interruption = new Promise<void>((resolve) => {
    listeners.push(() => {
      interrupted = true;
      resolve();
    });
  });
  const code = await train(opened?.workspace ?? quickstart);
  if (opened?.server === undefined) return code;
  if (!interrupted) say("\nThe editor stays open at the address above. Ctrl-C closes it.");
  await interruption;
  await opened.server.stop();
  return code;
}

// The exit ends whatever part of the editor is still alive after an error.
process.exit(await start());
