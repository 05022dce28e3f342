import assert from "node:assert/strict";
import test from "node:test";
import { english } from "../l10n.ts";
import type { RunPhase, RunStatus } from "./runStatus.ts";
import { accuracyChange, factsOf, lineText, phaseText, spokenText } from "./runText.ts";
import { statusText } from "./statusText.ts";
import { accuracyBefore, accuracyNow, someRun } from "./testing.ts";

test("a run in one line: what it does, how far it is and how good", () => {
  assert.equal(lineText(someRun({}, { activity: "sampling" }), english), "running 42/150 · sampling");
  assert.equal(
    lineText(
      someRun(
        { phase: "paused" },
        { activity: "sampling", accuracyBefore, accuracy: accuracyNow, hardBefore: 120, hardRows: 64, probedRows: 640 },
      ),
      english,
    ),
    "paused 42/150 · 41.5 % → 62.5 % · 120 → 64 of 640 rows hard",
  );
  assert.equal(
    lineText(someRun({}, { activity: "evaluating", progress: { done: 30, total: 200 }, step: 0 }), english),
    "running 0/150 · evaluating 30/200",
  );
});

test("the accuracy before training is not shown as a change", () => {
  assert.equal(accuracyChange({ accuracyBefore, accuracy: accuracyBefore }), "41.5 %");
  assert.equal(accuracyChange({ accuracy: accuracyNow }), "62.5 %");
  assert.equal(accuracyChange({}), "");
});

test("every phase has words of its own", () => {
  const phases: RunPhase[] = [
    ...(["connecting", "running", "pausing", "paused", "stopping", "finished", "stopped", "failed"] as const),
    ...(["interrupted", "elsewhere", "unreachable", "unreadable"] as const),
  ];
  const words = phases.map((phase) => phaseText(phase, english));
  assert.equal(new Set(words).size, phases.length);
  assert.ok(words.every((word) => word.length > 0));
});

test("a run that cannot be read has its sentence and nothing made up", () => {
  const run: RunStatus = {
    folder: "/runs/x",
    id: "x",
    name: "x",
    phase: "unreadable",
    message: "run.json is of a newer version",
  };
  assert.equal(lineText(run, english), "cannot be read");
  assert.deepEqual(factsOf(run, english), [
    { label: "State", value: "cannot be read: run.json is of a newer version" },
  ]);
  assert.match(spokenText(run, english), /cannot be read, run\.json is of a newer version/);
});

test("facts name both accuracies with their intervals", () => {
  const facts = factsOf(someRun({}, { accuracyBefore, accuracy: accuracyNow, secondsLeft: 185 }), english);
  const value = (label: string) => facts.find((fact) => fact.label === label)?.value;
  assert.equal(value("Held-out accuracy, newest"), "62.5 % (125 of 200; 95 % interval 57.5 % to 67.5 %)");
  assert.equal(value("Progress"), "step 42/150 · 3 min 5 s left");
  assert.equal(value("Computed by"), "grpo · cpu × 2");
  assert.equal(value("Mean reward"), undefined);
});

test("a sentence for a screen reader has words where the line has signs", () => {
  const spoken = spokenText(someRun({}, { activity: "updating", accuracyBefore, accuracy: accuracyNow }), english);
  assert.equal(spoken, "Run quickstart, updating, step 42/150, held-out accuracy 41.5 % to 62.5 %");
});

test("what a file says cannot obey the editor", () => {
  const run = someRun({ name: "a\u202e\u0007$(trash)", message: "x\u0000y" });
  assert.doesNotMatch(spokenText(run, english), /[\p{Cc}\p{Cf}]/u);
  const status = statusText([run], english);
  assert.doesNotMatch(status?.text.replace("$(pulse)", "") ?? "", /\$\(/);
});

test("the status bar shows one live run with its numbers, several as a count, and none as nothing", () => {
  assert.equal(statusText([someRun({ phase: "finished" })], english), undefined);
  const details = { accuracyBefore, accuracy: accuracyNow, secondsLeft: 185, activity: "sampling" as const };
  const one = someRun({}, details);
  const shown = statusText([someRun({ phase: "stopped" }), one], english);
  assert.equal(shown?.text, "$(pulse) quickstart · 42/150 · 41.5 % → 62.5 % · 3 min 5 s left");
  assert.equal(
    statusText([someRun({ phase: "paused" }, details)], english)?.text,
    "$(debug-pause) quickstart · paused · 42/150 · 41.5 % → 62.5 %",
  );
  const early = someRun({}, { step: 0, activity: "evaluating" });
  assert.equal(statusText([early], english)?.text, "$(pulse) quickstart · evaluating · 0/150");
  const several = statusText([one, someRun({ folder: "/runs/other", name: "other" })], english);
  assert.equal(several?.text, "$(pulse) 2 runs live");
  assert.equal(several?.tooltip.split("\n").length, 2);
});

test("a run that waits for a hard sample says so, and one that found it names it", () => {
  const waiting = someRun({}, { pauseOnHard: true });
  assert.match(lineText(waiting, english), /pauses at the next hard sample/);
  assert.match(statusText([waiting], english)?.text ?? "", /pauses at the next hard sample/);
  const found = someRun({ phase: "paused" }, { pausedOn: "row\u001b-1" });
  assert.match(lineText(found, english), /^paused 42\/150 · at the hard sample row\\u001b-1/);
  assert.match(spokenText(found, english), /at the hard sample/);
  assert.doesNotMatch(lineText(someRun({}, { pausedOn: "row-1" }), english), /hard sample/);
});

test("facts say why a device was chosen, and nothing where the experiment named it", () => {
  const device = (details: object) => factsOf(someRun({}, details), english).find(({ label }) => label === "Device");
  assert.equal(device({ deviceWhy: "The CPU was chosen: so it is." })?.value, "The CPU was chosen: so it is.");
  assert.equal(device({}), undefined);
});
