/** The token a client must present: whoever can read the user's state directory may control the user's runs. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tokenFile } from "./places.ts";

/** Makes a new token for a run's server and keeps it where only the user can read it. */
export function createToken(folder: string): string {
  const token = randomBytes(32).toString("base64url");
  writePrivately(tokenFile(folder), token);
  return token;
}

function writePrivately(file: string, text: string): void {
  const aside = `${file}.tmp-${process.pid}`;
  rmSync(aside, { force: true }); // one left behind may have other permissions, which opening would keep
  const fd = openSync(aside, "wx", 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(aside, file);
}

/** The token of a run's server, undefined where there is none. */
export function readToken(folder: string): string | undefined {
  try {
    return readFileSync(tokenFile(folder), "utf8");
  } catch {
    return undefined;
  }
}

export function removeToken(folder: string): void {
  rmSync(tokenFile(folder), { force: true });
}

/** Compares in a time that says nothing about where the two differ, or how long the expected one is. */
export function sameToken(expected: string, presented: string): boolean {
  return timingSafeEqual(digestOf(expected), digestOf(presented));
}

const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest();
