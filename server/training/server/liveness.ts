/** Whether the process that a server.json names still lives: its pid alone may have gone to another since. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { ServerFile } from "../../../schemas/protocol.ts";

/** When a process started, in the system's own words; empty where the system does not tell or there is no such process. */
export function startOf(pid: number): string {
  try {
    if (process.platform === "linux") return linuxStart(pid);
    if (process.platform === "win32") {
      const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
      return ask("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script]);
    }
    return ask("ps", ["-o", "lstart=", "-p", String(pid)]);
  } catch {
    return "";
  }
}

/** Clock ticks between boot and the process's start: field 22 of /proc/<pid>/stat, counted after the name in parentheses. */
function linuxStart(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return fields[0] === "Z" ? "" : `${boot}:${fields[19] ?? ""}`;
}

function ask(program: string, options: string[]): string {
  return execFileSync(program, options, {
    encoding: "utf8",
    timeout: 5000,
    windowsHide: true,
    env: { ...process.env, LC_ALL: "C" },
  }).trim();
}

/** Whether there is a process of that id here, whoever's it is. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** `elsewhere`: the server was started on another machine, whose processes cannot be seen from here. */
export type Liveness = "alive" | "dead" | "elsewhere";

export function livenessOf(server: ServerFile): Liveness {
  if (server.hostname !== hostname()) return "elsewhere";
  if (!exists(server.pid)) return "dead";
  const started = startOf(server.pid);
  if (process.platform === "linux" && started === "") return "dead"; // a zombie
  return server.started === "" || started === "" || started === server.started ? "alive" : "dead";
}
