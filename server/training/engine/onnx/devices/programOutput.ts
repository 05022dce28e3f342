/** What a program of the system writes. */
import { execFile } from "node:child_process";

/** Its standard output; nothing where it is not there, fails or takes longer than two seconds. */
export function outputOf(program: string, args: readonly string[]): Promise<string> {
  return new Promise((done) => {
    execFile(program, args, { timeout: 2000, maxBuffer: 16 * 2 ** 20 }, (error, stdout) => done(error ? "" : stdout));
  });
}
