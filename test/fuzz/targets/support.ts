/** What targets share: a file that is written anew for each case, and seeds from files of the repository. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../sources.ts";
import type { Read } from "../target.ts";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const jsonBytes = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));
export const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Reads each input as the file of that name. */
export function ofFile(folder: string, name: string, read: (file: string) => void | Promise<void>): Read {
  const file = join(folder, name);
  return (input) => {
    writeFileSync(file, input);
    return read(file);
  };
}

export const exampleText = (path: string): string => readFileSync(join(root, "examples", path), "utf8");

/** A few lines at a time: cases are many, so each has to be small. */
export function exampleLines(path: string, { seeds, lines }: { seeds: number; lines: number }): Uint8Array[] {
  const all = exampleText(path).split("\n");
  const apart = Math.floor(all.length / seeds);
  return Array.from({ length: seeds }, (_, seed) =>
    bytesOf(`${all.slice(seed * apart, seed * apart + lines).join("\n")}\n`),
  );
}

/** Paths of the quickstart's catalogs. */
export const quickstartCatalogs = (): string[] => {
  const folder = join(root, "examples", "quickstart", "tools");
  return readdirSync(folder).map((name) => join(folder, name));
};

/** A case that is made again is made of the same seeds: times and the folder that they were made in are nobody's. */
export function timeless(bytes: Uint8Array, folder: string): Uint8Array {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replaceAll(folder, "/seeds")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "2026-01-31T12:00:00.000Z")
    .replaceAll(/\d{8}-\d{6}(?=-)/g, "20260131-120000");
  return new Uint8Array(Buffer.from(text, "latin1"));
}
