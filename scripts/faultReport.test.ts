import assert from "node:assert/strict";
import test from "node:test";
import { renderFaults } from "./faultReport.ts";

const machine = { processor: "P", cores: 2, memoryGiB: 24, system: "Linux", node: "v24", onnxruntime: "1.30.0" };
const resumed = (where: string) => ({ where, ending: "resumed" });

test("a row says how often a fault struck where and how that ended; one that failed says so and why", () => {
  const table = renderFaults({
    made: "2026-11-22",
    machine,
    count: 200,
    seed: 7,
    minutes: 61.4,
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
  assert.match(table, /--count 200 --seed 7`: 4 faults in 61 minutes/);
});
