/** What holds for the repository as a whole. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { entries } from "../scripts/entries.ts";
import { testFiles } from "../scripts/testFiles.ts";
import { moduleFiles } from "../scripts/wasm.ts";
import { filesWith, root, textOf } from "./sources.ts";

const mostLines = 500;

test("the rooms of the house exist", () => {
  const folders = ["schemas", "server", "extension", "webview", "media", "examples", "test"];
  const rooms = ["toolcalls", "prompts", "store", "language", "training"].map((room) => `server/${room}`);
  const missing = [...folders, ...rooms].filter((folder) => !statSync(path.join(root, folder)).isDirectory());
  assert.deepEqual(missing, []);
});

test(`no source file is longer than ${mostLines} lines`, () => {
  const long = filesWith("ts", "tsx", "js", "mjs", "css", "py").filter(
    (file) => textOf(file).split("\n").length > mostLines,
  );
  assert.deepEqual(long, []);
});

test("the lock file names versions and hashes, and no registry", () => {
  const lock = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { resolved?: string; version?: string; integrity?: string }>;
  };
  const installed = Object.entries(lock.packages).filter(([name]) => name !== "");
  assert.ok(installed.length > 50);
  assert.deepEqual(
    installed.filter(([, entry]) => "resolved" in entry || !entry.version || !entry.integrity).map(([name]) => name),
    [],
  );
});

test("the lock file has every package that another names, for every platform", () => {
  type Names = Record<string, string> | undefined;
  const lock = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { dependencies?: Names; optionalDependencies?: Names }>;
  };
  const present = new Set(Object.keys(lock.packages).map((name) => name.replace(/^.*node_modules\//, "")));
  const missing = Object.entries(lock.packages).flatMap(([name, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((wanted) => !present.has(wanted))
      .map((wanted) => `${wanted}, wanted by ${name || "us"}`),
  );
  assert.deepEqual(missing, [], "npm ci refuses such a lock file");
});

test("what is installed or built is not in version control", (t) => {
  const { status, stdout } = spawnSync("git", ["ls-files", "node_modules", "dist", ".tsbuild", "runs"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) return t.skip("not a git checkout");
  assert.deepEqual(stdout.split("\n").filter(Boolean).slice(0, 5), []);
});

test("dependencies are pinned to exact versions", () => {
  const manifest = JSON.parse(textOf("package.json")) as Record<string, Record<string, string> | undefined>;
  const loose = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).filter(
      ([, version]) => !/^(npm:[@\w/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    ),
  );
  assert.deepEqual(loose, []);
});

test("every TypeScript file is type-checked: its project is in the solution", () => {
  const { references } = JSON.parse(textOf("tsconfig.json")) as { references: { path: string }[] };
  const projects = new Set(references.map((reference) => reference.path));
  /** Nearest folder upwards that holds a project. */
  const projectOf = (file: string): string => {
    let folder = path.posix.dirname(file);
    while (folder !== "." && !existsSync(path.join(root, folder, "tsconfig.json"))) folder = path.posix.dirname(folder);
    return folder;
  };
  assert.deepEqual(
    filesWith("ts", "tsx").filter((file) => !projects.has(projectOf(file))),
    [],
  );
});

test("every test file is found by the runner", () => {
  const found = testFiles(root, [], "test", true).map((file) => path.relative(root, file).replaceAll(path.sep, "/"));
  assert.deepEqual(found, filesWith("test.ts"));
  assert.ok(found.includes("test/house.test.ts"));
});

test("every file with tests is of a kind that a runner looks for", () => {
  const runs = (text: string) => /^(uiT|t)est\(|^suite\(/m.test(text);
  const lost = filesWith("ts").filter((file) => runs(textOf(file)) && !/\.(test|ui|host)\.ts$/.test(file));
  assert.deepEqual(lost, []);
  for (const kind of ["ui", "host"] as const) {
    const found = testFiles(root, [], kind, true).map((file) => path.relative(root, file).replaceAll(path.sep, "/"));
    assert.deepEqual(found, filesWith(`${kind}.ts`));
    assert.ok(found.length > 0);
  }
});

test("every program that is bundled has its source", () => {
  assert.deepEqual(
    entries.filter(({ source }) => !existsSync(path.join(root, source))).map(({ source }) => source),
    [],
  );
});

test("modules of WebAssembly are what their texts compile to", async () => {
  const files = await moduleFiles();
  assert.ok(files.size > 0);
  for (const [file, text] of files) assert.equal(textOf(file), text, `${file}: run node scripts/wasm.ts`);
});

/** Globals that came after Node 22, which runs what the oldest editor starts; the types that are checked against know them. */
const TOO_NEW =
  /\b(new (Async)?DisposableStack|new Float16Array|Promise\.try|RegExp\.escape|Error\.isError|Math\.f16round)\(/;

test("nothing that an editor's own Node runs asks for what came after it", () => {
  const shipped = filesWith("ts").filter(
    (file) => /^(schemas|server|extension)\//.test(file) && !/\.test\.ts$|\/testing\//.test(file),
  );
  assert.ok(shipped.length > 100);
  assert.deepEqual(
    shipped.filter((file) => TOO_NEW.test(textOf(file))),
    [],
  );
});

test("nothing of the machine it was written on is in the repository", () => {
  const files = filesWith("ts", "tsx", "json", "md", "py", "css", "jsonl").concat(".ci/run", ".npmrc");
  const told = files.flatMap((file) =>
    [...textOf(file).matchAll(/(?:^|[\s"'`(=])(\/(?:work|home|Users|root|tmp\/work)\/[\w.-]+)/gm)]
      .filter(() => !file.endsWith("floors.test.ts") && !file.endsWith("house.test.ts"))
      .map((match) => `${file}: ${match[1]}`),
  );
  assert.deepEqual(told, []);
});
