/** System calls of a process as strace tells them (https://strace.io): which ones it makes, and what it can be made to meet in one. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Calls by which names and contents of files change, and those that make them last. */
const CHANGING = [
  "open,openat,creat,mkdir,mkdirat",
  "write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,copy_file_range,sendfile",
  "rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir",
  "fsync,fdatasync",
].join(",");

/** Why nothing can be traced here; false where it can. */
export const withoutStrace: string | false =
  process.platform === "linux" && spawnSync("strace", ["-qq", "-o", "/dev/null", "true"]).status === 0
    ? false
    : "strace is not here, or may not trace: apt-get install -y strace";

export interface TraceOptions {
  /** Threads and children of the process too. */
  all: boolean;
  /** The process dies as it enters this call for the n-th time, from 1. */
  kill?: { call: string; time: number };
}

/** The beginning of a command line whose rest is what is traced. */
export function tracing(output: string, { all, kill }: TraceOptions): string[] {
  const inject = kill ? ["-e", `inject=${kill.call}:signal=SIGKILL:when=${kill.time}`] : [];
  return [
    "strace",
    ...(all ? ["-f", "--seccomp-bpf"] : []),
    ...["-qq", "-y", "-s", "0", "-e", `trace=${CHANGING}`, "-e", "signal=none", ...inject, "-o", output],
  ];
}

export interface SystemCall {
  process: number;
  name: string;
  /** Its paths, and those of its descriptors, in the order of its arguments. */
  paths: string[];
  /** The text between its parentheses. */
  text: string;
  /** What it returned; undefined where the process died in it. */
  result: number | undefined;
  /** Lines on which it began and ended: others of the trace may lie between. */
  began: number;
  ended: number;
}

const WHOLE = /^(?:(\d+) +)?(\w+)\((.*)\) += (-?\d+|\?)/;
const BEGINNING = /^(?:(\d+) +)?(\w+)\((.*?),? *<unfinished \.\.\.>$/;
const REST = /^(?:(\d+) +)?<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/;

/** Calls in the order in which they ended. */
export function readTrace(text: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const unfinished = new Map<number, { name: string; text: string; began: number }>();
  for (const [index, line] of text.split("\n").entries()) {
    const begun = BEGINNING.exec(line);
    if (begun) {
      unfinished.set(Number(begun[1] ?? 0), { name: begun[2] ?? "", text: begun[3] ?? "", began: index });
      continue;
    }
    const rest = REST.exec(line);
    if (rest) {
      const process = Number(rest[1] ?? 0);
      const first = unfinished.get(process);
      unfinished.delete(process);
      if (first && first.name === rest[2]) {
        calls.push(callOf(process, first.name, first.text + (rest[3] ?? ""), rest[4], first.began, index));
      }
      continue;
    }
    const whole = WHOLE.exec(line);
    if (whole) calls.push(callOf(Number(whole[1] ?? 0), whole[2] ?? "", whole[3] ?? "", whole[4], index, index));
  }
  return calls;
}

export const traceOf = (file: string): SystemCall[] => readTrace(readFileSync(file, "utf8"));

function callOf(
  process: number,
  name: string,
  text: string,
  result: string | undefined,
  began: number,
  ended: number,
): SystemCall {
  // A descriptor stands as 5</a/b>, a path as "/a/b"; AT_FDCWD has the working folder behind it, which is no argument of ours.
  const paths = [...text.matchAll(/(?<!AT_FDCWD)<(\/[^>]*)>|"(\/(?:[^"\\]|\\.)*)"/g)].map(
    ([, descriptor, path]) => descriptor ?? path ?? "",
  );
  return { process, name, paths, text, result: result === "?" ? undefined : Number(result), began, ended };
}
