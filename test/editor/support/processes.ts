/** Processes of the editor under test, told from others by its clean home. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Ids of processes in that home with a text in their command line. */
export function processesOf(home: string, text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        return environment.includes(`HOME=${home}`) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
      } catch {
        return false; // gone, or somebody else's
      }
    })
    .map(Number);
}
