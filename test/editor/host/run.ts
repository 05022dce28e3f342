/** Entry of the suites that run inside the extension host: the same for every launcher. */
import { appendFileSync, globSync } from "node:fs";
import path from "node:path";
import Mocha, { type MochaOptions, type Runner, type Test } from "mocha";

/** What there is to report goes into the results. */
const silent: MochaOptions["reporter"] = class Silent extends Mocha.reporters.Base {
  override epilogue(): void {}
};

/** What a test came to; a line of the file that `TOOLEXPANDER_HOST_RESULTS` names. */
export interface HostResult {
  title: string;
  outcome: "passed" | "failed" | "skipped";
  error?: string;
}

/** Called by VS Code. Rejects where a test failed, so that a launcher that looks at nothing else sees it. */
export async function run(): Promise<void> {
  const results = process.env.TOOLEXPANDER_HOST_RESULTS;
  if (!results) throw new Error("TOOLEXPANDER_HOST_RESULTS has to name a file for the results.");
  const mocha = new Mocha({ ui: "tdd", timeout: 30_000, reporter: silent });
  for (const file of globSync("*.host.cjs", { cwd: __dirname }).sort()) mocha.addFile(path.join(__dirname, file));

  const tell = (test: Test, outcome: HostResult["outcome"], error?: Error): void => {
    const result: HostResult = { title: test.titlePath().join(": "), outcome };
    if (error) result.error = error.stack ?? error.message;
    appendFileSync(results, `${JSON.stringify(result)}\n`);
  };
  const failed = await new Promise<number>((resolve) => {
    const runner: Runner = mocha.run(resolve);
    runner.on("pass", (test) => tell(test, "passed"));
    runner.on("pending", (test) => tell(test, "skipped"));
    // A hook that fails is told as a test of its own name.
    runner.on("fail", (test, error) => tell(test, "failed", error));
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}
