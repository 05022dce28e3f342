import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { entryPoint } from "./entryPoint.ts";
import { cleanEnvironment } from "./nodeProcess.ts";

test("the programs are where they are looked for", () => {
  for (const name of ["trainingServer", "engine"] as const) assert.ok(existsSync(entryPoint(name)), name);
});

test("an editor's environment does not reach processes that outlive it", () => {
  const given = {
    PATH: "/bin",
    NODE_OPTIONS: "--inspect",
    VSCODE_PID: "1",
    VSCODE_IPC_HOOK: "x",
    ELECTRON_RUN_AS_NODE: "1",
    HOME: "/h",
  };
  assert.deepEqual(cleanEnvironment(given), { PATH: "/bin", HOME: "/h" });
});
