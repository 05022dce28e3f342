/** The workflows cannot run here; what can be known of them without is held here. */
import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { load } from "js-yaml";
import { targets, withoutEngine } from "../scripts/packaging/targets.ts";
import { root, textOf } from "./sources.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: Record<string, string>;
  environment?: string;
  "timeout-minutes"?: number;
  strategy?: { matrix: { vscode?: string[]; include?: { target: string }[]; gallery?: string[] } };
}

interface Workflow {
  permissions: Record<string, string>;
  on: Record<string, unknown>;
  jobs: Record<string, Job>;
}

const files = globSync(".github/workflows/*.yml", { cwd: root }).map((file) => file.replaceAll(path.sep, "/"));
const workflows = new Map(files.map((file) => [path.posix.basename(file, ".yml"), load(textOf(file)) as Workflow]));
const jobs = [...workflows].flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ name: `${file}/${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const manifest: { engines: { vscode: string }; scripts: Record<string, string> } = JSON.parse(textOf("package.json"));

test("there are workflows for tests, packages and a release", () => {
  assert.deepEqual([...workflows.keys()].sort(), ["package", "release", "test"]);
  assert.ok(steps.length > 15);
});

test("every action is pinned by the SHA of its commit, with its version beside it", () => {
  const used = steps.flatMap(({ name, step: { uses } }) => (uses === undefined ? [] : [{ name, uses }]));
  assert.deepEqual(
    used.filter(({ uses }) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses)),
    [],
  );
  const lines = files.flatMap((file) =>
    textOf(file)
      .split("\n")
      .filter((line) => /uses: [^.]/.test(line)),
  );
  assert.equal(lines.length, used.length);
  assert.deepEqual(
    lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
    [],
  );
  // One commit for each action: an update that forgets a place is seen.
  assert.equal(new Set(used.map(({ uses }) => uses)).size, new Set(used.map(({ uses }) => uses.split("@")[0])).size);
});

test("a workflow has no permissions, and a job those that it needs and no more", () => {
  for (const [name, { permissions }] of workflows) assert.deepEqual(permissions, {}, name);
  for (const { name, job } of jobs) {
    const publishes = name === "release/publish";
    assert.deepEqual(job.permissions, { contents: "read", ...(publishes ? { "id-token": "write" } : {}) }, name);
    assert.equal(job.environment, publishes ? "release" : undefined, name);
  }
  for (const { name, step } of steps.filter(({ step: { uses } }) => uses?.startsWith("actions/checkout@")))
    assert.equal(step.with?.["persist-credentials"], false, name);
});

test("no workflow takes a secret, nor runs on what a stranger's pull request may choose", () => {
  for (const file of files) {
    assert.doesNotMatch(textOf(file), /\bsecrets\b/, file);
    assert.doesNotMatch(textOf(file), /pull_request_target|workflow_run/, file);
    // What a stranger writes (titles, names of branches) must not come into a shell.
    assert.doesNotMatch(textOf(file), /run:.*\$\{\{\s*github\./, file);
  }
});

test("every command is an npm script of ours, npm ci, or what a build machine runs", () => {
  const commands = steps.flatMap(({ name, step: { run } }) => (run === undefined ? [] : [{ name, run }]));
  assert.ok(commands.length > 8);
  for (const { name, run } of commands) {
    const script = /npm run ([\w:-]+)/.exec(run)?.[1];
    if (script !== undefined) assert.ok(Object.hasOwn(manifest.scripts, script), `${name}: ${run}`);
    else if (run.startsWith(".ci/")) assert.ok(existsSync(path.join(root, run)), `${name}: ${run}`);
    else assert.match(run, /^npm ci( --prefix scripts\/publishing)?$/, name);
  }
});

test("jobs end, and a workflow that another calls is there", () => {
  for (const { name, job } of jobs) {
    if (job.uses === undefined) assert.ok((job["timeout-minutes"] ?? 0) > 0, name);
    else assert.ok(existsSync(path.join(root, job.uses)), job.uses);
  }
});

test("the editors are the oldest that the manifest admits and the newest; packages are tried on every system that has one", () => {
  const matrix = workflows.get("test")?.jobs.editor?.strategy?.matrix;
  assert.deepEqual(matrix?.vscode, [manifest.engines.vscode.replace(/^\^/, ""), "stable"]);
  const tried = workflows.get("package")?.jobs.try?.strategy?.matrix.include?.map(({ target }) => target);
  assert.deepEqual(
    tried,
    targets.filter((target) => target !== withoutEngine),
  );
  assert.deepEqual(workflows.get("release")?.jobs.publish?.strategy?.matrix.gallery, ["marketplace", "open-vsx"]);
});

test("what publishes is pinned as everything else is", () => {
  const lock: { packages: Record<string, { resolved?: string; integrity?: string }> } = JSON.parse(
    textOf("scripts/publishing/package-lock.json"),
  );
  const installed = Object.entries(lock.packages).filter(([name]) => name !== "");
  assert.ok(installed.length > 20);
  assert.deepEqual(
    installed.filter(([, { resolved, integrity }]) => resolved !== undefined || !integrity),
    [],
  );
});
