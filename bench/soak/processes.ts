/** What a process has of the machine, as Linux tells it. */
import { readdirSync, readFileSync } from "node:fs";
import { unlessGone } from "../processMemory.ts";

export interface Sample {
  megabytes: number;
  /** Open descriptors: files, sockets, pipes. */
  handles: number;
}

/** Undefined where the process is gone. */
export function sampleOf(pid: number): Sample | undefined {
  return unlessGone(() => {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes === undefined) return undefined; // ended, and not asked after yet
    return { megabytes: Number(kilobytes) / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
  });
}
