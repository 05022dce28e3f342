import assert from "node:assert/strict";
import test from "node:test";
import { renderFaults, renewed } from "./faultReport.ts";

const machine = { processor: "P", cores: 2, memoryGiB: 24, system: "Linux", node: "v24", onnxruntime: "1.30.0" };
const resumed = (where: string) => ({ where, ending: "resumed" });

test("a row says how often a fault struck where and how that ended; one that failed says so and why", () => {
  const table = renderFaults({
    count: 200,
    seed: 7,
    sittings: [{ made: "2026-11-22", machine, minutes: 61.4, faults: ["a kill", "a full disk"] }],
    rows: [
      { fault: "a kill", wanted: 3, strikes: [resumed("saving"), resumed("sampling"), resumed("sampling")] },
      { fault: "a full disk", wanted: 2, strikes: [resumed("saving")], failure: "It | stayed full\nat line 3" },
    ],
  });
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  const cells = rows.map((row) => row.split(/ +\| +|^\| | +\|$/).filter(Boolean));
  assert.deepEqual(cells, [
    ["fault", "times", "where it struck", "outcome"],
    ["a kill", "3", "sampling 2, saving 1", "resumed"],
    ["a full disk", "1 of 2", "saving 1", "**failed**: It \\| stayed full"],
  ]);
  assert.match(table, /--count 200 --seed 7`: 4 faults\./);
  assert.match(table, /^- 2026-11-22, 61 minutes: P, 2 cores/m);
});

test("a row that is made anew says when and where it was, and the others stay as they are", () => {
  const row = (fault: string, where: string) => ({ fault, wanted: 1, strikes: [resumed(where)] });
  const sitting = (made: string, ...faults: string[]) => ({ made, machine, minutes: 2, faults });
  const first = {
    count: 1,
    seed: 7,
    sittings: [sitting("2026-11-21", "a", "b")],
    rows: [row("a", "x"), row("b", "x")],
  };
  const second = renewed(first, { sittings: [sitting("2026-11-22", "b")], rows: [row("b", "y")] });
  assert.deepEqual(second.rows, [row("a", "x"), row("b", "y")]);
  assert.deepEqual(second.sittings, [sitting("2026-11-21", "a"), sitting("2026-11-22", "b")]);
  assert.match(renderFaults(second), /^- 2026-11-21, 2 minutes: “a”; P, .*\n- 2026-11-22, 2 minutes: “b”; P, /m);
  const third = renewed(second, { sittings: [sitting("2026-11-23", "a", "b")], rows: [row("a", "z"), row("b", "z")] });
  assert.deepEqual(third.sittings, [sitting("2026-11-23", "a", "b")]);
});
