import assert from "node:assert/strict";
import test from "node:test";
import { ownModelSection } from "./readme.ts";

test("the README's experiment is one, and its commands lead from the model to an adapter", () => {
  const { experiment, commands } = ownModelSection();
  assert.equal(experiment.settings?.adapter?.kind, "lora");
  const verbs = commands.map(([verb]) => verb);
  assert.deepEqual(verbs, ["models", "devices", "validate", "train", "export"]);
  for (const command of commands) assert.doesNotMatch(command.join(" "), /#/, "comments are no arguments");
});

test("a section without an experiment is refused", () => {
  assert.throws(
    () => ownModelSection("## Bring your own model\n\n    node dist/cli.js models\n\n## More\n"),
    /is empty/,
  );
});
