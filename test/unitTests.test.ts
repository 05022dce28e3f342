/** The runner's sum is what a build is judged by: it has to count what failed, in whatever way it failed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { webgpuForTests } from "../scripts/vulkan.ts";
import { root } from "./sources.ts";

const cases: [name: string, files: Record<string, string>, sum: string][] = [
  [
    "passed, failed and skipped tests",
    {
      "a.test.ts": `test("a", () => {}); test("b", { skip: "why" }, () => {}); test("c", () => { throw new Error("c"); });`,
      "b.test.ts": `describe("d", () => { test("e", () => {}); test("f", () => {}); });`,
    },
    "3 passed, 1 failed, 1 skipped",
  ],
  [
    "a file that does not load",
    { "a.test.ts": `import "./none.ts"; test("a", () => {});` },
    "0 passed, 1 failed, 0 skipped",
  ],
  ["a file that ends early", { "a.test.ts": `test("a", () => {}); process.exit(3);` }, "0 passed, 1 failed, 0 skipped"],
  [
    "a test that never settles",
    { "a.test.ts": `test("a", async () => { await new Promise(() => {}); });` },
    "0 passed, 1 failed, 0 skipped",
  ],
];

/** What the runner prints of these files, with the sum as its last line. */
function printed(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-runner-"));
  try {
    const names = Object.entries(files).map(([file, body]) => {
      writeFileSync(path.join(folder, file), `import test, { describe } from "node:test"; void describe; ${body}`);
      return path.join(folder, file);
    });
    const runner = path.join(folder, "run.ts");
    writeFileSync(
      runner,
      `import { runTests, summary } from ${JSON.stringify(pathToFileURL(path.join(root, "scripts/unitTests.ts")).href)};
       console.log(summary(await runTests(${JSON.stringify(names)}, { patience: 2000 })));`,
    );
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const { stdout, stderr } = spawnSync(process.execPath, [runner], { encoding: "utf8", env: environment });
    return stderr + stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const [name, files, sum] of cases) {
  test(`the runner counts ${name}`, () => {
    const text = printed(files);
    assert.equal(text.trimEnd().split("\n").at(-1), sum, text);
  });
}

test("the slowest files are told in front of the sum, with their seconds", () => {
  const text = printed({ "a.test.ts": `test("a", () => {});`, "b.test.ts": `test("b", () => {});` });
  const told = /\nThe slowest files:\n((?: +\d+\.\d s {2}.*\n)+)2 passed/.exec(text)?.[1] ?? "";
  const names = told
    .trimEnd()
    .split("\n")
    .map((line) => path.basename(line));
  assert.deepEqual(names.sort(), ["a.test.ts", "b.test.ts"], text);
});

const linuxOnly = { skip: process.platform !== "linux" && "the driver is looked for on Linux" };

test("the driver is found, and its loader put behind the folders that were there", linuxOnly, (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "toolexpander-driver-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.deepEqual(webgpuForTests({}, folder), { environment: {}, available: false });
  const driver = `${folder}/vk_swiftshader_icd.json`;
  writeFileSync(driver, "{}");
  assert.deepEqual(webgpuForTests({ LD_LIBRARY_PATH: "/some/lib" }, folder), {
    environment: { TOOLEXPANDER_TEST_WEBGPU: "1", VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: `/some/lib:${folder}` },
    available: true,
  });
});

test("a driver that was chosen by hand stays chosen", () => {
  const { environment, available } = webgpuForTests({
    VK_DRIVER_FILES: "/some/driver.json",
    LD_LIBRARY_PATH: "/some/lib",
  });
  assert.equal(available, true);
  assert.deepEqual(environment, { TOOLEXPANDER_TEST_WEBGPU: "1" });
});
