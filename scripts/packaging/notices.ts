/** The licenses of everything that ships: what the bundler took in, and what ships as it is. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { optionsFor } from "../bundle.ts";
import { entries, external } from "../entries.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

/** Names of the packages that ship, sorted. */
async function shippedPackages(): Promise<string[]> {
  const results = await Promise.all(
    entries.map((entry) => build({ ...optionsFor(entry, "dist"), write: false, metafile: true, logLevel: "silent" })),
  );
  const names = results
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .map((file) => /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set([...names, ...external, "onnxruntime-common"])].sort();
}

function noticeOf(name: string): string {
  const folder = path.join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|thirdpartynotices)/i.test(file));
  if (license === undefined && files.length === 0) {
    throw new Error(`${name} ${version} says nothing of its license; it cannot be shipped.`);
  }
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license ?? "see below"})`, ...texts].join("\n\n");
}

/** Text of the notices file. @throws Error where a package that ships names no license */
export async function thirdPartyNotices(): Promise<string> {
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  const introduction = "ToolExpander contains these packages, each under its own license.";
  return `${[introduction, ...(await shippedPackages()).map(noticeOf)].join(rule)}\n`;
}
