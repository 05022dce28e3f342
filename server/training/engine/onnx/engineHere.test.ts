import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../../testing/harness.ts";
import { hasEngine } from "./engineHere.ts";
import { requireEngine } from "./requireEngine.ts";

test("an installation has an engine where the runtime has libraries for the system", (t) => {
  const runtime = temporaryFolder(t);
  mkdirSync(join(runtime, "bin", "napi-v6", "darwin", "arm64"), { recursive: true });
  assert.equal(hasEngine(runtime, { platform: "darwin", arch: "arm64" }), true);
  assert.equal(hasEngine(runtime, { platform: "darwin", arch: "x64" }), false);
  assert.equal(hasEngine(undefined), false);
});

test("without one, a sentence says what does not work and what does", (t) => {
  const runtime = temporaryFolder(t);
  assert.throws(() => requireEngine(runtime, { platform: "darwin", arch: "x64" }), {
    name: "InputError",
    message: /no engine for darwin-x64 .*nothing can be trained.* looking at runs .* work\.$/,
  });
});

test("the runtime of this checkout is an engine where a package is made for the system", () => {
  requireEngine();
});
