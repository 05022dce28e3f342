import assert from "node:assert/strict";
import test from "node:test";
import { referencesFor } from "./references.ts";

const probe = { mode: "full", rows: 62687, rollouts: 10 } as const;
const model = "/models/models--Qwen--Qwen2.5-1.5B-Instruct/snapshots/0a1b";

test("the same count of the same model is offered, with its source", () => {
  assert.deepEqual(referencesFor({ preset: "dmhs-replace", model }, [probe]), [
    { chart: "hard", label: "Qwen2.5-1.5B before training", value: 17455, source: "TE Tables 2 and 3" },
    { chart: "hard", label: "Qwen2.5-1.5B after dmhs-replace", value: 10458, source: "TE Tables 2 and 3" },
    { chart: "hard", label: "Qwen2.5-1.5B after grpo", value: 12211, source: "TE Tables 2 and 3" },
  ]);
  assert.deepEqual(
    referencesFor({ preset: "grpo", model: "/m/Qwen2-7B" }, [probe]).map(({ value }) => value),
    [18168, 10488],
  );
});

test("what is counted otherwise has no line beside it", () => {
  const none = (preset: "grpo" | "sft", path: string, changes: object) =>
    assert.deepEqual(referencesFor({ preset, model: path }, [{ ...probe, ...changes }]), []);
  none("grpo", model, { rows: 62686 });
  none("grpo", model, { rollouts: 5 });
  none("grpo", model, { mode: "fast" });
  none("grpo", "/m/Qwen2.5-0.5B", {});
  none("grpo", "/m/Qwen2-1.5B0", {});
  assert.deepEqual(referencesFor({ preset: "grpo", model }, []), []);
  assert.deepEqual(
    referencesFor({ preset: "sft", model }, [probe]).map(({ label }) => label),
    ["Qwen2.5-1.5B after grpo"],
    "a preset without published counts has those of the baseline",
  );
});
