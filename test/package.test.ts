/** The extension package of this machine: what is in it, and that what is in it runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { bundleAll } from "../scripts/bundle.ts";
import { entries } from "../scripts/entries.ts";
import { targetHere } from "../scripts/packaging/targets.ts";
import { packageExtension } from "../scripts/packaging/vsix.ts";
import { oneStep, shorten } from "./shortQuickstart.ts";
import { filesWith, root, textOf } from "./sources.ts";
import { readZip } from "./zip.ts";

const target = targetHere();
const skip = target === undefined && "no package is made for this system";
const mostBytes = 45e6;

let packed: Buffer;
let folder: string;
/** Files of the extension, their paths from its folder. */
let files: Map<string, Buffer>;

before(async () => {
  if (target === undefined) return;
  assert.deepEqual(await bundleAll(path.join(root, "dist")), []);
  packed = readFileSync(await packageExtension(target));
  const shipped = [...readZip(packed)].filter(([name]) => name.startsWith("extension/"));
  files = new Map(shipped.map(([name, data]) => [name.slice("extension/".length), data]));
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "toolexpander-unpacked-")));
});

after(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const natives: Record<string, readonly string[]> = {
  linux: ["libonnxruntime.so.1", "onnxruntime_binding.node"],
  darwin: ["libonnxruntime.1.dylib", "onnxruntime_binding.node"],
  win32: ["DirectML.dll", "dxcompiler.dll", "dxil.dll", "onnxruntime.dll", "onnxruntime_binding.node"],
};

/** Files that have to be there, by name. */
const needed = (): string[] => [
  "LICENSE.txt",
  "changelog.md",
  "readme.md",
  "package.json",
  "dist/THIRD_PARTY_NOTICES.txt",
  ...entries.map(({ output }) => `dist/${output}`),
  ...filesWith("json", "jsonl", "md", "safetensors").filter((file) =>
    /^(examples\/quickstart|docs\/rules)\//.test(file),
  ),
  "docs/judges.md",
  "docs/reward.md",
  ...filesWith("ts").filter((file) => file.startsWith("examples/rewards/")),
  "node_modules/onnxruntime-node/script/install-metadata.js",
  "node_modules/onnxruntime-node/script/install-metadata-versions.js",
  ...(natives[process.platform] ?? []).map(
    (file) => `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/${file}`,
  ),
];

/** What else may be there. */
const welcome: readonly RegExp[] = [
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^dist\/webview\/[\w-]+\.(css|ttf)$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^media\/(icon\.png|[\w-]+\.svg|walkthrough\/[\w-]+\.(svg|png|md))$/,
  /^node_modules\/onnxruntime-common\/(package\.json|dist\/cjs\/([\w-]+\.js|package\.json))$/,
  /^node_modules\/onnxruntime-node\/(package\.json|dist\/[\w-]+\.js)$/,
];

test("everything that is needed is in the package, and nothing foreign", { skip }, () => {
  const names = [...files.keys()];
  const wanted = new Set(needed());
  assert.deepEqual([...wanted].filter((name) => !files.has(name)).sort(), [], "missing");
  const foreign = names.filter((name) => !wanted.has(name) && !welcome.some((pattern) => pattern.test(name)));
  assert.deepEqual(foreign, [], "foreign");
});

test("what is shipped as text is what is in the repository", { skip }, () => {
  for (const file of filesWith("json", "jsonl").filter((name) => name.startsWith("examples/quickstart/"))) {
    assert.equal(files.get(file)?.toString(), textOf(file), file);
  }
});

test(`the package is smaller than ${mostBytes / 1e6} MB`, { skip }, () => {
  assert.ok(packed.length < mostBytes, `${packed.length} bytes`);
});

test("every file that the manifest names is in the package", { skip }, () => {
  const manifest: unknown = JSON.parse(files.get("package.json")?.toString() ?? "");
  const named: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string" && /^(\.\/)?(dist|media|examples|schemas)\/[^\s*]+\.\w+$/.test(value)) {
      named.push(path.posix.normalize(value));
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(manifest);
  assert.ok(named.includes("dist/extension.cjs"));
  assert.deepEqual(
    named.filter((file) => !files.has(file)),
    [],
  );
});

test("what ships is said in one place", () => {
  assert.equal("files" in JSON.parse(textOf("package.json")), false, "the allow-list is .vscodeignore");
});

test("the notices name every package that was bundled", { skip }, () => {
  const notices = files.get("dist/THIRD_PARTY_NOTICES.txt")?.toString() ?? "";
  for (const name of ["onnxruntime-node", "onnxruntime-common", "vscode-jsonrpc", "@sinclair/typebox", "commander"]) {
    assert.match(notices, new RegExp(`^${name} \\d`, "m"));
  }
  assert.match(notices, /Permission is hereby granted/);
});

test("the engine of the package trains away from the source tree", { skip }, () => {
  const unpacked = path.join(folder, "extension");
  for (const [name, data] of files) {
    const file = path.join(unpacked, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, data);
  }
  const workspace = path.join(folder, "workspace");
  cpSync(path.join(unpacked, "examples", "quickstart"), workspace, { recursive: true });
  shorten(workspace, oneStep);
  const cli = path.join(unpacked, "dist", "cli.js");
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, "train", "experiment.json", "--json"], {
    cwd: workspace,
    encoding: "utf8",
    env: { ...process.env, HOME: folder, XDG_STATE_HOME: path.join(folder, "state"), LOCALAPPDATA: folder },
    timeout: 120_000,
  });
  assert.equal(status, 0, stderr);
  const last: { event?: string; state?: string } = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  assert.deepEqual({ event: last.event, state: last.state }, { event: "end", state: "finished" });
});
