/** The small form of `npm run fuzz`, and that the fuzzer finds what there is to be found. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { caseOf } from "./cases.ts";
import { mutated } from "./mutations.ts";
import { findingText } from "./report.ts";
import { runCases } from "./runner.ts";
import { shares } from "./shares.ts";
import { shrunk } from "./shrink.ts";
import type { Read, Target } from "./target.ts";
import { targetNamed, targets } from "./targets/index.ts";

const SEED = 20_261_122;
/** Of all targets together. */
const CASES = 6_000;

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

async function opened(t: TestContext, target: Target): Promise<{ seeds: readonly Uint8Array[]; read: Read }> {
  const folder = folderFor(t);
  const [seedsIn, readsIn] = [join(folder, "seeds"), join(folder, "r")];
  for (const inner of [seedsIn, readsIn]) mkdirSync(inner);
  const seeds = await target.seeds(seedsIn);
  const { read, close } = await target.open(readsIn);
  t.after(() => close?.());
  return { seeds, read };
}

for (const { target, cases } of shares(targets, CASES)) {
  test(`${target.name}: whatever it reads, it answers in a sentence and in time`, async (t) => {
    const { seeds, read } = await opened(t, target);
    const { findings } = await runCases(target, read, seeds, { seed: SEED, first: 0, end: cases });
    assert.deepEqual(
      findings.map((finding) => findingText(finding, SEED)),
      [],
    );
  });

  test(`${target.name}: what the cases are made of is the same wherever and whenever it is made`, async (t) => {
    assert.deepEqual(await target.seeds(folderFor(t)), await target.seeds(folderFor(t)));
  });

  test(`${target.name}: what the cases are made of is right`, async (t) => {
    const { seeds, read } = await opened(t, target);
    assert.ok(seeds.length >= 2);
    const refused: string[] = [];
    for (const seed of seeds) await (async () => read(seed))().catch((error: unknown) => refused.push(String(error)));
    // Templates are the golden ones, of which some are there for the errors that they raise.
    if (target.name === "chat template") assert.ok(refused.length < seeds.length / 2);
    else assert.deepEqual(refused, []);
  });
}

const target = (read: Read): [Target, Read, Uint8Array[]] => {
  const seeds = ['{"a": [1, "two", {"three": null}]}', '{"b": {"c": "a long text"}}'].map((text) => Buffer.from(text));
  return [{ name: "made up", weight: 1, seeds: () => seeds, open: () => ({ read }) }, read, seeds];
};
const RANGE = { seed: 7, first: 0, end: 400 };

test("an error that is no sentence is found, made small, and made again from its number", async () => {
  const [made, read, seeds] = target((input) => {
    if (Buffer.from(input).includes("__proto__")) throw new TypeError("no such property");
  });
  const { findings, failed } = await runCases(made, read, seeds, RANGE);
  const [found, ...others] = findings;
  assert.ok(found !== undefined && failed >= 1);
  assert.deepEqual(others, [], "one for each place it is thrown at");
  assert.equal(found.kind, "crash");
  assert.equal(Buffer.from(found.input).toString(), "__proto__");
  assert.ok(Buffer.from(caseOf(made, seeds, RANGE.seed, found.number)).includes("__proto__"));
  assert.match(findingText(found, 7), /--only "made up" --seed 7 --case \d+/);
});

test("a sentence with what a terminal obeys in it is found", async () => {
  const [made, read, seeds] = target((input) => {
    throw new InputError(`This is wrong: ${Buffer.from(input)}`);
  });
  const { findings } = await runCases(made, read, seeds, RANGE);
  assert.match(findings[0]?.text ?? "", /characters that a terminal obeys/);
});

const microseconds = ({ user, system }: NodeJS.CpuUsage): number => user + system;

test("what takes long is found by the processor's time, what leaves memory behind by its bytes", async () => {
  const kept: ArrayBuffer[] = [];
  const [made, read, seeds] = target((input) => {
    if (input[0] === 0x7b) return;
    // On a busy machine a clock goes on while nothing is computed.
    const begun = process.threadCpuUsage();
    while (input.length % 2 === 0 && microseconds(process.threadCpuUsage(begun)) < 250_000);
    if (input.length % 2 === 1) kept.push(new ArrayBuffer(80 * 2 ** 20));
  });
  const found = await runCases(made, read, seeds, { ...RANGE, end: 40 });
  assert.deepEqual(new Set(found.findings.map(({ kind }) => kind)), new Set(["hang", "memory"]));
});

test("what every object inherits is looked at", async () => {
  const [made, read, seeds] = target((input) => {
    if (Buffer.from(input).includes("polluted")) Reflect.set(Object.prototype, "polluted", true);
  });
  try {
    const { findings } = await runCases(made, read, seeds, RANGE);
    assert.match(findings[0]?.text ?? "", /what every object inherits/);
  } finally {
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
});

test("a case is the same whenever it is made, and cases differ", () => {
  const { mutate, name } = targetNamed("safetensors");
  assert.equal(mutate === mutated, false);
  const seeds = [Buffer.from('{"a":[1,2,3]}'), Buffer.from('{"b":"c"}')];
  const cases = Array.from({ length: 50 }, (_, number) => Buffer.from(caseOf({ name }, seeds, 3, number)).toString());
  const again = Array.from({ length: 50 }, (_, number) => Buffer.from(caseOf({ name }, seeds, 3, number)).toString());
  assert.deepEqual(again, cases);
  assert.ok(new Set(cases).size > 40);
});

test("shrinking ends at what cannot lose another byte, or when it has tried enough", async () => {
  const input = Buffer.from(`${"x".repeat(500)}A${"y".repeat(300)}B`);
  const fails = async (bytes: Uint8Array): Promise<boolean> => bytes.includes(0x41) && bytes.includes(0x42);
  assert.equal(Buffer.from(await shrunk(input, fails, 3000)).toString(), "AB");
  assert.ok((await shrunk(input, fails, 2)).length > 200);
});
