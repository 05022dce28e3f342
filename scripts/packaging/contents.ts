/** What a package has to hold, what else it may, and what is wrong with one. */
import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import path from "node:path";
import { entries } from "../entries.ts";
import { systemOf } from "./machineCode.ts";
import { nativeFiles, type Target } from "./targets.ts";
import { readZip } from "./zip.ts";

const root = path.resolve(import.meta.dirname, "..", "..");

/** Bytes of a package: what galleries and slow lines bear. */
const MOST_BYTES = 45e6;

/** Two files of the same content are a mistake from this size on; below, licences and the like may be alike. Bytes. */
const LARGE = 16_384;

/** Where in a package the extension lies. */
const inside = "extension/";

export interface Contents {
  /** Of the package as it is downloaded. */
  bytes: number;
  /** Files of the extension, their paths from its folder. */
  files: ReadonlyMap<string, Buffer>;
}

/** @throws Error where it is no package */
export function contentsOf(packed: Buffer): Contents {
  const shipped = [...readZip(packed)].filter(([name]) => name.startsWith(inside));
  return { bytes: packed.length, files: new Map(shipped.map(([name, data]) => [name.slice(inside.length), data])) };
}

/** Files of the repository that ship as they are. */
const asTheyAre = [
  "docs/**/*.md",
  "examples/rewards/*.ts",
  "examples/quickstart/**/*.{json,jsonl,md,safetensors}",
  "media/walkthrough/*.svg",
];

/** Files that have to be there. */
function needed(target: Target): Set<string> {
  const shipped = globSync(asTheyAre, { cwd: root, exclude: (name) => name === "runs" });
  return new Set([
    "LICENSE.txt",
    "changelog.md",
    "readme.md",
    "package.json",
    "package.nls.json",
    "package.nls.de.json",
    "l10n/bundle.l10n.json",
    "l10n/bundle.l10n.de.json",
    "media/icon.png",
    "dist/THIRD_PARTY_NOTICES.txt",
    ...entries.map(({ output }) => `dist/${output}`),
    ...shipped.map((file) => file.replaceAll(path.sep, "/")),
    "node_modules/onnxruntime-node/script/install-metadata.js",
    "node_modules/onnxruntime-node/script/install-metadata-versions.js",
    ...nativeFiles(target),
  ]);
}

/** What else may be there. */
const welcome: readonly RegExp[] = [
  /^dist\/webview\/[\w-]+\.(css|ttf)$/,
  /^media\/[\w-]+\.svg$/,
  /^node_modules\/onnxruntime-common\/(package\.json|dist\/cjs\/([\w-]+\.js|package\.json))$/,
  /^node_modules\/onnxruntime-node\/(package\.json|dist\/[\w-]+\.js)$/,
];

/** A sentence for everything that is wrong with a target's package; none where it may be published. */
export function faultsOf(target: Target, { bytes, files }: Contents): string[] {
  const wanted = needed(target);
  return [
    ...[...wanted].filter((name) => !files.has(name)).map((name) => `${name} is missing.`),
    ...[...files.keys()]
      .filter((name) => !wanted.has(name) && !welcome.some((pattern) => pattern.test(name)))
      .map((name) => `${name} has no business there.`),
    ...foreignCode(target, files),
    ...twins(files),
    ...(bytes > MOST_BYTES ? [`It has ${megabytes(bytes)}, and ${megabytes(MOST_BYTES)} is the most.`] : []),
  ];
}

function foreignCode(target: Target, files: Contents["files"]): string[] {
  return [...files].flatMap(([name, data]) => {
    const system = systemOf(data);
    return system === undefined || system === target ? [] : [`${name} is machine code for ${system}.`];
  });
}

function twins(files: Contents["files"]): string[] {
  const large = [...files].filter(([, data]) => data.length >= LARGE);
  const alike = Map.groupBy(large, ([, data]) => createHash("sha256").update(data).digest("hex"));
  return [...alike.values()]
    .filter((group) => group.length > 1)
    .map((group) => `These files are the same: ${group.map(([name]) => name).join(", ")}.`);
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes of everything, unpacked, by where it lies: the two innermost folders are enough to see what grew. */
export function bytesByFolder({ files }: Contents): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, data] of files) {
    const folder = path.posix.dirname(name).split("/").slice(0, 2).join("/");
    sums.set(folder, (sums.get(folder) ?? 0) + data.length);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

/** Every file with its size in bytes, a line each, sorted by name. */
export function listing({ files }: Contents): string {
  const names = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return names.map(([name, data]) => `${String(data.length).padStart(10)}  ${name}\n`).join("");
}
