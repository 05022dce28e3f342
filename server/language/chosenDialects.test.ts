import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { ChosenDialects } from "./chosenDialects.ts";
import { exactGlob, globMatcher } from "./globs.ts";

const chosen = (setting: Record<string, string>, file: string): string | undefined =>
  new ChosenDialects(setting).of(file)?.id;

test("the most exact glob counts: a path, then the longest glob", () => {
  const setting = {
    "**/*.jsonl": "openai",
    "data/**/*.jsonl": "sharegpt",
    "a.jsonl": "xlam",
    "/abs/{a,b,c,d,e,f,g,h,i,j,k}.jsonl": "toolrl",
  };
  assert.equal(chosen(setting, "/w/x/y.jsonl"), "openai");
  assert.equal(chosen(setting, "/w/data/x/y.jsonl"), "sharegpt");
  assert.equal(chosen(setting, "/w/.data/data/y.jsonl"), "sharegpt");
  assert.equal(chosen(setting, "/w/data/a.jsonl"), "xlam");
  assert.equal(chosen(setting, "/abs/b.jsonl"), "toolrl");
  assert.equal(chosen(setting, "/abs/a.jsonl"), "xlam");
  assert.equal(chosen(setting, "/w/y.json"), undefined);
  assert.equal(chosen({ "untitled:a.samples.jsonl": "bfcl" }, "untitled:a.samples.jsonl"), "bfcl");
});

test("the glob of a path fits that path and no other, whatever it is called", () => {
  const name = fc.array(fc.constantFrom(..."ab .-_[]{}()*?!+@,|^$~#"), { minLength: 1, maxLength: 8 });
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.map((one) => one.join("")));
  const isName = (part: string): boolean => part.trim() === part && part !== "." && part !== "..";
  const property = fc.property(path, path, (one, other) => {
    fc.pre(one.every(isName) && other.every(isName) && one.join("/") !== other.join("/"));
    const fits = globMatcher(exactGlob(`/${one.join("/")}`));
    assert.equal(fits?.(`/${one.join("/")}`), true);
    assert.equal(fits(`/${other.join("/")}`), false);
  });
  fc.assert(property, { seed: 7, numRuns: 2000 });
});

test("what chooses nothing is said in a sentence each, and the rest holds", () => {
  const setting = { "a.jsonl": "openia", "": "openai", "b.jsonl": "openai", ["x".repeat(2000)]: "openai" };
  const { faults } = new ChosenDialects(setting);
  assert.equal(faults.length, 3);
  assert.match(
    faults[0] ?? "",
    /^toolexpander\.dialects: there is no dialect "openia" \(for "a\.jsonl"\); did you mean "openai"\? Until then .* Known are acebench, /,
  );
  assert.match(faults[1] ?? "", /^toolexpander\.dialects: "" is no glob; correct it\.$/);
  assert.equal(chosen(setting, "/b.jsonl"), "openai");
  assert.equal(chosen(setting, "/a.jsonl"), undefined);
});
