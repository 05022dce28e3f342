/** The licenses of everything that ships: what the bundler took in, and what ships as it is. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { filesIn } from "../bundle.ts";
import { entries, external } from "../entries.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

/** Texts of licenses that their packages leave out, beside this file. */
const TEXTS_HERE: Readonly<Record<string, string>> = {
  "@microsoft/fast-element": "microsoft.txt",
  "@microsoft/fast-foundation": "microsoft.txt",
  "@microsoft/fast-react-wrapper": "microsoft.txt",
  "@microsoft/fast-web-utilities": "microsoft.txt",
  "@vscode/l10n": "microsoft.txt",
  "onnxruntime-common": "microsoft.txt",
  "onnxruntime-node": "microsoft.txt",
};

/** Folders of the packages that ship, from the root, sorted; a package that brings its own copy of another has that below it. */
async function shippedPackages(): Promise<string[]> {
  const files = (await Promise.all(entries.map(filesIn))).flat();
  const folders = files
    .map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0])
    .filter((folder) => folder !== undefined);
  const asTheyAre = [...external, "onnxruntime-common"].map((name) => `node_modules/${name}`);
  return [...new Set([...folders, ...asTheyAre])].sort();
}

function noticeOf(place: string): string {
  const folder = path.join(root, place);
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|thirdpartynotices)/i.test(file));
  const here = TEXTS_HERE[name];
  if (license === undefined || (files.length === 0 && here === undefined))
    throw new Error(`${name} ${version} does not say its license, or leaves its text out; it cannot be shipped.`);
  const texts = [
    ...files.sort().map((file) => readFileSync(path.join(folder, file), "utf8").trim()),
    ...(here === undefined ? [] : [readFileSync(path.join(import.meta.dirname, "licenses", here), "utf8").trim()]),
  ];
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}

/** Bundling everything again to see what is in it takes a while, and all targets have the same. */
let made: Promise<string> | undefined;

/** Text of the notices file. @throws Error where a package that ships names no license, or has no text of it */
export function thirdPartyNotices(): Promise<string> {
  made ??= makeNotices();
  return made;
}

async function makeNotices(): Promise<string> {
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  const introduction = "ToolExpander contains these packages, each under its own license.";
  return `${[introduction, ...(await shippedPackages()).map(noticeOf)].join(rule)}\n`;
}
