/**
 * Loaded before everything else of a program: writes down whatever the program does to talk to another machine, and keeps it from
 * happening. Sockets of the file system and named pipes are no network.
 */
import { appendFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { NETWORK_LOG } from "./log.ts";

const log = process.env[NETWORK_LOG];

function trapped(what: string): never {
  if (log !== undefined) appendFileSync(log, `${process.argv[1]}: ${what}\n`);
  throw new Error(`The network was used: ${what}`);
}

// CommonJS's own objects, since those are what can be changed.
const load = createRequire(import.meta.url);
const net: typeof import("node:net") = load("node:net");
const dns: typeof import("node:dns") = load("node:dns");
const dgram: typeof import("node:dgram") = load("node:dgram");

type Connect = typeof net.Socket.prototype.connect;

/** Options, a path, or a port with a host, as a socket takes them; `net.connect` wraps them once more. */
function isLocal([first]: readonly unknown[]): boolean {
  const given: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof given === "string") return !/^\d+$/.test(given);
  return typeof given === "object" && given !== null && "path" in given && typeof given.path === "string";
}

for (const [owner, name] of [
  [net.Socket.prototype, "connect"],
  [net.Server.prototype, "listen"],
] as const) {
  const original: (...args: unknown[]) => unknown = Reflect.get(owner, name);
  Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
    if (!isLocal(args)) trapped(`${name} ${JSON.stringify(args)}`);
    return Reflect.apply(original, this, args);
  } as Connect);
}
for (const owner of [dns, dns.promises])
  for (const name of Object.keys(owner))
    if (/^(lookup|resolve|reverse)/.test(name))
      Reflect.set(owner, name, (...args: unknown[]) => trapped(`dns.${name} ${String(args[0])}`));
Reflect.set(dgram.Socket.prototype, "send", () => trapped("dgram.send"));
Reflect.set(dgram.Socket.prototype, "bind", () => trapped("dgram.bind"));
for (const name of ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"])
  if (name in globalThis) Reflect.set(globalThis, name, (...args: unknown[]) => trapped(`${name} ${String(args[0])}`));
syncBuiltinESMExports();
