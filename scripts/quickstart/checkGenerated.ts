/** For tests: which files of a copied example its generator would write otherwise. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A copy that a test may change. */
export function copyOf(t: TestContext, workspace: string): string {
  const dir = mkdtempSync(join(tmpdir(), "example-check-"));
  t.after(() => rmSync(dir, { recursive: true }));
  cpSync(workspace, dir, { recursive: true });
  return dir;
}

/** @param script generate.ts of the example */
export function checkGenerated(script: string, dir: string): { status: number | null; complained: string[] } {
  const { status, stderr } = spawnSync(process.execPath, [script, "--check", "--out", dir], { encoding: "utf8" });
  const lines = stderr.split("\n").filter((line) => line !== "");
  return { status, complained: lines.map((line) => line.split(" ")[0] ?? "") };
}
