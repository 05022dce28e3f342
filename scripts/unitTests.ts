/** Running tests with Node's runner and counting them; unit tests in an environment where the WebGPU device works. */
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { installLine, webgpuForTests } from "./vulkan.ts";

/** A test that takes longer than this hangs. Milliseconds. */
const defaultPatience = 180_000;

/** Files that are told of at the end: where time is to be saved, it is there. */
const MOST_SLOW = 10;

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const summary = ({ passed, failed, skipped }: Counts) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

export const sum = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export interface RunOptions {
  /** Longest time for one test, milliseconds. */
  patience?: number;
  /** Files at a time. */
  concurrency?: number;
  /** Only tests whose names hold this text. */
  only?: string | undefined;
}

/** Prints the spec report on the way and the slowest files at the end; a cancelled test counts as failed, one marked to do as skipped. */
export async function runTests(
  files: readonly string[],
  { patience = defaultPatience, concurrency = availableParallelism(), only }: RunOptions = {},
): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return counts;
  // Each file is a process, and many start others of the same modules: Node keeps what it has made of their TypeScript.
  process.env.NODE_COMPILE_CACHE ??= path.join(tmpdir(), "toolexpander-tests-compile-cache");
  const seconds = new Map<string, number>();
  const tests = run({ files: [...files], concurrency, timeout: patience, ...(only && { testNamePatterns: [only] }) });
  tests.on("test:summary", ({ file, counts: all, duration_ms: took }) => {
    // One summary for each file, and the last for all of them.
    if (file !== undefined) {
      seconds.set(file, took / 1000);
      return;
    }
    counts.passed = all.passed;
    counts.failed = all.tests - all.passed - all.skipped - all.todo;
    counts.skipped = all.skipped + all.todo;
  });
  for await (const line of tests.compose(spec)) process.stdout.write(line);
  console.log(slowestText(seconds));
  return counts;
}

/** @param seconds by the path of a file */
function slowestText(seconds: ReadonlyMap<string, number>): string {
  const slowest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, MOST_SLOW);
  const lines = slowest.map(
    ([file, took]) => `${took.toFixed(1).padStart(8)} s  ${path.relative(process.cwd(), file)}`,
  );
  return ["The slowest files:", ...lines].join("\n");
}

/** The environment has to stand before a process starts: the loader reads LD_LIBRARY_PATH once. Test processes inherit ours. */
export function prepareWebgpu(): void {
  const webgpu = webgpuForTests(process.env);
  Object.assign(process.env, webgpu.environment);
  if (webgpu.available) return;
  if (process.env.CI) {
    console.error(`WebGPU tests need the SwiftShader driver of Debian's Chromium: ${installLine}`);
    process.exit(1);
  }
  console.log(`WebGPU tests are skipped: no Vulkan driver. To run them: ${installLine}`);
}
