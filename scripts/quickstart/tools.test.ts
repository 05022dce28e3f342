import assert from "node:assert/strict";
import test from "node:test";
import { catalog } from "./catalog.ts";
import { domains, tools } from "./domains/index.ts";
import { smallTalk } from "./domains/smallTalk.ts";
import { fill } from "./phrasing.ts";
import { houseRules, houseShare, houseVariant, variantPrior } from "./priors.ts";
import { Random } from "./random.ts";
import { conventionOf, isOptional, kindsOf, type Parameter, type ToolSpec } from "./toolSpec.ts";

test("six domains offer at least 24 tools under different names", () => {
  assert.equal(domains.length, 6);
  assert.ok(tools.length >= 24);
  assert.equal(catalog.size, tools.length);
});

test("the schemas use every form a parameter can take", () => {
  const text = JSON.stringify([...catalog.values()]);
  for (const form of ['"type":"integer"', '"type":"number"', '"type":"boolean"', '"type":"array"', '"enum":']) {
    assert.ok(text.includes(form), form);
  }
  const parameters = tools.flatMap((tool) => tool.parameters);
  assert.ok(parameters.some((parameter) => parameter.form === "object"));
  assert.ok(parameters.some(isOptional));
});

test("at least 18 tools have a convention, one each, with three to five variants", () => {
  const withConvention = tools.filter(conventionOf);
  assert.ok(withConvention.length >= 18);
  for (const tool of withConvention) {
    const kinds = new Set(kindsOf(tool.parameters).filter((kind) => kind.variants.length > 1));
    assert.equal(kinds.size, 1, tool.name);
    const count = conventionOf(tool)?.variants.length ?? 0;
    assert.ok(count >= 3 && count <= 5, tool.name);
  }
});

test("the variants of a convention write one value differently", () => {
  const random = new Random(1, "variants");
  for (const tool of tools) {
    const kind = conventionOf(tool);
    if (!kind) continue;
    for (let draw = 0; draw < 50; draw++) {
      const value = kind.draw(random, "warmup");
      const written: string[] = kind.variants.map((variant) => JSON.stringify(value.written(variant)));
      assert.equal(new Set(written).size, kind.variants.length, `${tool.name}: ${value.said} as ${written.join(" ")}`);
    }
  }
});

test("the table of house variants names exactly the tools with a convention, and variants they have", () => {
  assert.deepEqual(
    Object.keys(houseRules).sort(),
    tools
      .filter(conventionOf)
      .map((tool) => tool.name)
      .sort(),
  );
  for (const tool of tools) {
    const rule = houseRules[tool.name];
    if (!rule) continue;
    const variants = conventionOf(tool)?.variants ?? [];
    assert.ok(variants.includes(rule.house) && variants.includes(rule.rival), tool.name);
    assert.notEqual(rule.house, rule.rival, tool.name);
  }
});

test("a prior sums to one and gives the house variant its share", () => {
  for (const tool of tools) {
    const prior = variantPrior(tool);
    assert.ok(Math.abs(prior.reduce((sum, [, share]) => sum + share, 0) - 1) < 1e-12, tool.name);
    const rule = houseRules[tool.name];
    const house = prior.find(([variant]) => variant === houseVariant(tool))?.[1];
    assert.equal(house, rule ? houseShare[rule.ease] : 1, tool.name);
  }
});

test("each tool has eight phrasings to learn from and three that are held out, all different", () => {
  const all = tools.flatMap((tool) => [...tool.phrasings, ...tool.heldOut]);
  assert.equal(new Set(all).size, all.length);
  const again = (tool: ToolSpec): string[] => [...tool.again, ...tool.heldOutAgain];
  for (const tool of tools) {
    assert.ok(tool.phrasings.length >= 8, tool.name);
    assert.ok(tool.heldOut.length >= 3, tool.name);
    assert.ok(tool.again.length >= 1 && tool.heldOutAgain.length >= 1, tool.name);
    assert.equal(new Set(again(tool)).size, again(tool).length, tool.name);
  }
});

const leaves = (parameters: readonly Parameter[]): Parameter[] =>
  parameters.flatMap((parameter) => (parameter.form === "object" ? leaves(parameter.fields) : [parameter]));

test("a phrasing says every value that is given, and no other", () => {
  for (const tool of [...tools, ...smallTalk]) {
    const all = leaves(tool.parameters);
    const required = all.filter((parameter) => !isOptional(parameter));
    const saying = (parameters: readonly Parameter[]) => new Map(parameters.map(({ name }) => [name, `<${name}>`]));
    for (const template of [...tool.phrasings, ...tool.heldOut, ...tool.again, ...tool.heldOutAgain]) {
      const bare = fill(template, saying(required));
      for (const { name } of required) assert.ok(bare.includes(`<${name}>`), `"${template}" leaves out ${name}`);
      for (const parameter of all.filter(isOptional)) {
        const said = fill(template, saying([...required, parameter]));
        assert.notEqual(said, bare, `"${template}" does not say ${parameter.name}`);
      }
      assert.doesNotMatch(fill(template, saying(all)), /[[\]{}]/, template);
    }
  }
});
