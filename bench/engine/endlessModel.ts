/** A copy of a policy whose completions do not end, so that the work of a measurement is known. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The copy's folder. */
export function endlessModel(model: string): string {
  const dir = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
  cpSync(model, dir, { recursive: true });
  const { vocab_size } = JSON.parse(readFileSync(join(dir, "config.json"), "utf8")) as { vocab_size: number };
  // No token has this number.
  writeFileSync(join(dir, "generation_config.json"), JSON.stringify({ eos_token_id: vocab_size }));
  return dir;
}
