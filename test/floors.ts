/** The floors of the house: which room may import from which. The plan itself is in ARCHITECTURE.md. */
import path from "node:path";

/** A room, and the rooms below it that it may import from. The longest prefix of a path names its room. */
const below: Record<string, readonly string[]> = {
  schemas: [],
  "server/toolcalls": ["schemas"],
  "server/prompts": ["schemas", "server/toolcalls"],
  "server/store": ["schemas", "server/toolcalls"],
  "server/language": ["schemas", "server/toolcalls", "server/prompts", "server/store"],
  "server/training": ["schemas", "server/toolcalls", "server/prompts", "server/store"],
  "server/importing": ["schemas", "server/toolcalls", "server/store", "server/language"],
  server: [
    "schemas",
    "server/toolcalls",
    "server/prompts",
    "server/store",
    "server/language",
    "server/training",
    "server/importing",
  ],
  extension: ["schemas", "server/toolcalls", "server/prompts", "server/store", "server/language", "server/training"],
  // What views have in common; none knows another, but a comparison draws curves.
  webview: ["schemas"],
  "webview/rollouts": ["schemas", "webview"],
  "webview/curves": ["schemas", "webview"],
  "webview/compare": ["schemas", "webview", "webview/curves"],
  "webview/episodes": ["schemas", "webview"],
  "webview/replacement": ["schemas", "webview"],
};

/** Around the product, not in it: they may import everything, and no room imports them. */
const around = ["scripts", "test", "bench", "examples"];

export const rooms: readonly string[] = Object.keys(below);

/** A package that only some folders may import, and why. */
const packages: readonly { name: RegExp; only: readonly string[]; why: string }[] = [
  { name: /^vscode$/, only: ["extension"], why: "nothing below extension/ knows the editor" },
  { name: /^vscode-languageclient/, only: ["extension"], why: "the client of the language server is the extension" },
  {
    name: /^onnxruntime-/,
    only: ["server/training/engine/onnx"],
    why: "nothing of ONNX crosses the engine's seam (PolicyEngine)",
  },
  {
    name: /^(node:)?(child_process|cluster|worker_threads|net|http|https)$/,
    only: [
      "server/prompts",
      "server/store",
      "server/importing",
      "server/language",
      "server/training",
      "server/cli",
      "server/*",
      "extension",
    ],
    why: "schemas, tool calls and the view start no process and open no connection",
  },
];

export interface Import {
  specifier: string;
  /** From 1. */
  line: number;
}

/** Static imports and exports (types too), dynamic imports, import types and `require`, wherever the specifier is a literal. */
export function importsOf(source: string): Import[] {
  // Comments that begin a line may quote code; blanking them keeps the line numbers.
  const code = source.replace(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm, (comment) => comment.replace(/[^\n]/g, " "));
  const forms = [
    /\b(?:import|export)\b[^;"'`()=]*?\bfrom\s*["']([^"'\n]+)["']/g,
    /\bimport\s*["']([^"'\n]+)["']/g,
    /\b(?:import|require|require\.resolve)\s*\(\s*["'`]([^"'`\n]+)["'`]/g,
  ];
  return forms
    .flatMap((form) => [...code.matchAll(form)])
    .map((match) => ({
      specifier: match[1] as string,
      line: code.slice(0, match.index + match[0].length).split("\n").length,
    }))
    .sort((a, b) => a.line - b.line);
}

const inside = (file: string, folder: string) =>
  folder.endsWith("/*") ? path.posix.dirname(file) === folder.slice(0, -2) : file.startsWith(`${folder}/`);

/** Room of a file, its path given from the root with forward slashes; undefined where it is in none. */
function roomOf(file: string): string | undefined {
  return [...rooms, ...around].filter((room) => inside(file, room)).sort((a, b) => b.length - a.length)[0];
}

function faultOf(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return "this file is in no room";
  if (around.includes(room)) return undefined;
  if (specifier.startsWith("/") || specifier.startsWith("file:")) return "an absolute path is some machine's own";
  if (!specifier.startsWith(".")) {
    const rule = packages.find(
      ({ name, only }) => name.test(specifier) && !only.some((folder) => inside(file, folder)),
    );
    return rule && `only ${rule.only.join(", ")} may: ${rule.why}`;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const targetRoom = roomOf(target);
  if (targetRoom === room) return undefined;
  if (targetRoom === undefined) {
    return target === "package.json" ? undefined : `${target} is in no room`;
  }
  const allowed = below[room] as readonly string[];
  if (allowed.includes(targetRoom)) return undefined;
  return `${room} may import from ${allowed.length > 0 ? allowed.join(", ") : "no other room"}, not from ${targetRoom}`;
}

/** One sentence for every import of a file that breaks a floor. */
export function violations(file: string, source: string): string[] {
  return importsOf(source).flatMap(({ specifier, line }) => {
    const fault = faultOf(file, specifier);
    return fault === undefined ? [] : [`${file}:${line}: imports ${JSON.stringify(specifier)}: ${fault}`];
  });
}

/**
 * Files that import each other in a circle, one circle a line: the path round from its first file in the alphabet.
 * @param sources by path from the root
 */
export function circles(sources: ReadonlyMap<string, string>): string[] {
  const imports = (file: string): string[] =>
    importsOf(sources.get(file) ?? "")
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }) => path.posix.join(path.posix.dirname(file), specifier))
      .filter((target) => sources.has(target));
  const done = new Set<string>();
  const found = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.add(fromFirst(way.slice(way.indexOf(file))).join(" -> "));
    if (way.includes(file) || done.has(file)) return;
    for (const target of imports(file)) walk(target, [...way, file]);
    done.add(file);
  };
  for (const file of sources.keys()) walk(file, []);
  return [...found].sort();
}

function fromFirst(circle: readonly string[]): string[] {
  const first = circle.indexOf([...circle].sort()[0] as string);
  return [...circle.slice(first), ...circle.slice(0, first)];
}
