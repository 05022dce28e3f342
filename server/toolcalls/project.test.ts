import assert from "node:assert/strict";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import test, { type TestContext } from "node:test";
import { ALLOWED_FOLDERS, homesOf, liesWithin, linkOutOf, projectOf } from "./project.ts";
import { folderWith } from "./testing/files.ts";

/** `project/` and `elsewhere/`, with links between them. */
function folders(t: TestContext): string {
  const folder = realpathSync(
    folderWith(t, { "project/package.json": "{}", "project/data/a.jsonl": "", "elsewhere/b.jsonl": "" }),
  );
  symlinkSync(join(folder, "elsewhere"), join(folder, "project", "linked"), "junction");
  symlinkSync(join(folder, "project", "data"), join(folder, "project", "own"), "junction");
  symlinkSync(join(folder, "project"), join(folder, "alias"), "junction");
  return folder;
}

test("what lies in the project lies within, whether it is there or not, and however it is reached", (t) => {
  const folder = folders(t);
  for (const home of ["project", "alias"]) {
    const homes = homesOf(join(folder, home, "experiment.json"));
    // By its own name, or by the real one.
    for (const path of ["data/a.jsonl", "data/none.jsonl", "runs/new/deep", "own/a.jsonl", ".", "..dots", "data/..a"])
      for (const from of [home, "project"])
        assert.ok(liesWithin(homes, join(folder, from, path)), `${home}: ${from}/${path}`);
  }
});

test("what does not is refused: by its path, by a link, by a link to what is not there yet", (t) => {
  const folder = folders(t);
  symlinkSync(join(folder, "elsewhere", "new"), join(folder, "project", "dangling"));
  const homes = homesOf(join(folder, "project", "experiment.json"));
  const outside = ["..", "../elsewhere/b.jsonl", "../project-two/a", "linked", "linked/b.jsonl", "linked/new/c"];
  for (const path of outside) assert.ok(!liesWithin(homes, join(folder, "project", path)), path);
  for (const path of ["/dev/zero", "/etc/passwd", "//host/share/a.jsonl"]) assert.ok(!liesWithin(homes, path), path);
});

test("a folder that a person has allowed is a home too, by argument or environment; a relative one is none", (t) => {
  const folder = folders(t);
  const [experiment, path] = [join(folder, "project", "experiment.json"), join(folder, "elsewhere", "b.jsonl")];
  assert.ok(liesWithin(homesOf(experiment, [join(folder, "elsewhere")]), path));
  assert.ok(!liesWithin(homesOf(experiment, ["elsewhere", ""]), path));
  process.env[ALLOWED_FOLDERS] = [join(folder, "none"), join(folder, "elsewhere")].join(delimiter);
  t.after(() => delete process.env[ALLOWED_FOLDERS]);
  assert.ok(liesWithin(homesOf(experiment), path));
  assert.ok(liesWithin(homesOf(experiment), join(folder, "project", "linked", "b.jsonl")));
});

test("files of a model that are links lead to where they may", (t) => {
  const folder = folders(t);
  const [model, homes] = [join(folder, "project", "model"), homesOf(join(folder, "project", "experiment.json"))];
  mkdirSync(model);
  writeFileSync(join(model, "config.json"), "{}");
  symlinkSync(join(folder, "project", "data", "a.jsonl"), join(model, "tokenizer.json"));
  symlinkSync(join(folder, "elsewhere", "nothing"), join(model, "dangling"));
  assert.equal(linkOutOf(homes, model), undefined);
  symlinkSync(join(folder, "elsewhere", "b.jsonl"), join(model, "vocab.json"));
  assert.equal(linkOutOf(homes, model), join(model, "vocab.json"));
  assert.equal(linkOutOf([...homes, join(folder, "elsewhere")], model), undefined);
});

test("a project is the nearest folder with a mark; without one it is the file's own", (t) => {
  const folder = folders(t);
  assert.equal(projectOf(join(folder, "project", "data", "a.jsonl")), join(folder, "project"));
});
