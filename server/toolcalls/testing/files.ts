/** Files for one test, removed when it ends, and the fault that reading them must raise. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { describe, InputError } from "../../../schemas/problem.ts";

/** A fresh folder with these files in it (name to content; folders inside are made). */
export function folderWith(t: TestContext, files: Record<string, string | Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** What a person would read of the InputError that the action raises, file names relative to the folder. */
export function faultOf(folder: string, action: () => unknown): string {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof InputError, String((error as Error).stack));
    return describe(error).replaceAll(`${folder}/`, "").replaceAll(`${folder}\\`, "");
  }
  assert.fail("no fault was raised");
}
