import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { peakMegabytes, TreeMemory } from "./processMemory.ts";

const MEGABYTES = 80;
/** A process whose child fills memory, and which tells when that is done. */
const PARENT = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", "const held = Buffer.alloc(${MEGABYTES} << 20, 1); console.log(held.length); process.stdin.resume()"]);
  child.stdout.once("data", () => console.log("full"));
  process.stdin.once("end", () => child.kill()).resume();
`;

test("memory is that of a process and of what it has started", {
  skip: process.platform === "linux" ? false : "only Linux keeps these numbers in files",
}, async () => {
  const parent = spawn(process.execPath, ["-e", PARENT], { stdio: ["pipe", "pipe", "inherit"] });
  const memory = new TreeMemory(parent.pid as number);
  await once(parent.stdout, "data");
  const alone = peakMegabytes(parent.pid as number);
  const together = memory.end();
  parent.stdin.end();
  await once(parent, "close");
  assert.ok(together >= alone + MEGABYTES, `${together} MB, the parent alone ${alone} MB`);
});

test("a process that is gone has no memory", {
  skip: process.platform === "linux" ? false : "only Linux keeps these numbers in files",
}, async () => {
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "close");
  assert.equal(new TreeMemory(gone.pid as number).end(), 0);
});
