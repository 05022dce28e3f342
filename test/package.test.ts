/** The extension package of this machine: what is in it, and that what is in it runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { bundleAll } from "../scripts/bundle.ts";
import { type Contents, faultsOf } from "../scripts/packaging/contents.ts";
import { systemOf } from "../scripts/packaging/machineCode.ts";
import { nativeFiles, type Target, targetHere, targets } from "../scripts/packaging/targets.ts";
import { packedContents } from "../scripts/packaging/vsix.ts";
import { unpack } from "../scripts/packaging/zip.ts";
import { oneStep, shorten } from "./shortQuickstart.ts";
import { filesWith, root, textOf } from "./sources.ts";

/** Bundling and packing take three minutes where others have most of the machine's time; the limit is for a hang. Milliseconds. */
const PACKING_MS = 900_000;

const target = targetHere();
const skip = target === undefined && "no package is made for this system";
let contents: Contents;
let folder: string;

before(
  async () => {
    if (target === undefined) return;
    assert.deepEqual(await bundleAll(path.join(root, "dist")), []);
    contents = await packedContents(target);
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "toolexpander-unpacked-")));
  },
  { timeout: PACKING_MS },
);

after(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test("the package is as it should be: nothing is missing, foreign, twice there or too large", { skip }, () => {
  assert.deepEqual(target && faultsOf(target, contents), []);
});

test("what is wrong with a package is said", { skip }, () => {
  if (target === undefined) return;
  const faultsWith = (changes: [name: string, data: Buffer | undefined][], of: Target = target) => {
    const changed = new Map(contents.files);
    for (const [name, data] of changes) {
      if (data === undefined) changed.delete(name);
      else changed.set(name, data);
    }
    return faultsOf(of, { ...contents, files: changed });
  };
  assert.deepEqual(faultsWith([["dist/engine.js", undefined]]), ["dist/engine.js is missing."]);
  assert.deepEqual(faultsWith([["server/cli.ts", Buffer.from("no")]]), ["server/cli.ts has no business there."]);
  const large = Buffer.alloc(20_000, "a");
  assert.deepEqual(
    faultsWith([
      ["media/one.svg", large],
      ["media/two.svg", large],
    ]),
    ["These files are the same: media/one.svg, media/two.svg."],
  );
  assert.deepEqual(faultsOf(target, { ...contents, bytes: 45_100_000 }), ["It has 45.1 MB, and 45.0 MB is the most."]);
  const foreign = faultsWith([], target === "win32-x64" ? "linux-x64" : "win32-x64");
  assert.ok(
    foreign.some((fault) => /onnxruntime_binding\.node is machine code for /.test(fault)),
    foreign.join("\n"),
  );
  assert.ok(foreign.some((fault) => / is missing\.$/.test(fault)));
});

test("the native files of every target are there to be packed, and are for that target", () => {
  for (const target of targets) {
    for (const name of nativeFiles(target)) {
      assert.equal(systemOf(readFileSync(path.join(root, name))), target, name);
    }
  }
  assert.deepEqual(nativeFiles("universal"), []);
  assert.equal(systemOf(readFileSync(path.join(root, "media/icon.png"))), undefined);
  assert.equal(systemOf(Buffer.from("MZ")), undefined);
});

test("what is shipped as text is what is in the repository", { skip }, () => {
  for (const file of filesWith("json", "jsonl").filter((name) => name.startsWith("examples/quickstart/"))) {
    assert.equal(contents.files.get(file)?.toString(), textOf(file), file);
  }
});

test("every file that the manifest names is in the package", { skip }, () => {
  const manifest: unknown = JSON.parse(contents.files.get("package.json")?.toString() ?? "");
  const named: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === "string" && /^(\.\/)?(dist|media|examples|schemas)\/[^\s*]+\.\w+$/.test(value)) {
      named.push(path.posix.normalize(value));
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  visit(manifest);
  assert.ok(named.includes("dist/extension.cjs"));
  assert.deepEqual(
    named.filter((file) => !contents.files.has(file)),
    [],
  );
});

test("what ships is said in one place", () => {
  assert.equal("files" in JSON.parse(textOf("package.json")), false, "the allow-list is .vscodeignore");
});

test("the notices name every package that was bundled", { skip }, () => {
  const notices = contents.files.get("dist/THIRD_PARTY_NOTICES.txt")?.toString() ?? "";
  for (const name of ["onnxruntime-node", "onnxruntime-common", "vscode-jsonrpc", "@sinclair/typebox", "commander"]) {
    assert.match(notices, new RegExp(`^${name} \\d`, "m"));
  }
  assert.match(notices, /Permission is hereby granted/);
});

test("the engine of the package trains away from the source tree", { skip }, () => {
  const unpacked = path.join(folder, "extension");
  unpack(contents.files, unpacked);
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
