/** What stands before the question, in the order in which the policy reads it. */
import { useState } from "preact/hooks";
import type { Reading } from "../../../schemas/replacementView.ts";
import { Button } from "../../controls/Button.tsx";
import { FaultList } from "../../controls/FaultList.tsx";
import { useEditor } from "./context.ts";
import { DemonstrationCard } from "./DemonstrationCard.tsx";
import { Pool } from "./Pool.tsx";

export function Demonstrations() {
  const { client, reading, faults } = useEditor();
  const [adding, setAdding] = useState(client.kept.search !== null);
  const showPool = (shown: boolean): void => {
    client.keep({ search: shown ? "" : null });
    setAdding(shown);
  };
  const demonstrations = reading.edit?.demonstrations ?? [];
  const count = demonstrations.length;
  const tokens = tokensOf(reading);
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= count || from === to || from >= count) return;
    client.edit([{ change: "move", path: ["demonstrations"], from, to }], {
      focus: `handle.${to}`,
      said: `Demonstration ${from + 1} is now number ${to + 1} of ${count}`,
    });
  };
  const insert = (json: string, said: string): void =>
    client.edit([{ change: "insert", path: ["demonstrations"], at: count, json }], { focus: `query.${count}`, said });
  return (
    <section class="demonstrations" aria-labelledby="demonstrations-title">
      <h2 id="demonstrations-title">
        Demonstrations <span class="dim">{count}, shown in this order before the question</span>
      </h2>
      <FaultList faults={faults.at(["demonstrations"])} />
      <ol>
        {demonstrations.map((demonstration, index) => (
          <DemonstrationCard key={index} {...{ demonstration, index, count, move }} tokens={tokens?.get(index)} />
        ))}
      </ol>
      <div class="actions">
        <button
          type="button"
          class="text-button"
          data-place="add"
          aria-expanded={adding}
          onClick={() => showPool(!adding)}
        >
          {adding ? "Close the pool" : "Add from the pool…"}
        </button>
        <Button onClick={() => insert('{\n  "query": "",\n  "calls": []\n}', "Demonstration added")}>
          Write a new one
        </Button>
      </div>
      {adding && <Pool add={insert} />}
    </section>
  );
}

/** Tokens of each demonstration's two turns. */
function tokensOf({ prompt }: Reading): Map<number, number> | undefined {
  if (!("parts" in prompt)) return undefined;
  const sums = new Map<number, number>();
  for (const { demonstration, tokens } of prompt.parts) {
    if (demonstration !== undefined) sums.set(demonstration, (sums.get(demonstration) ?? 0) + tokens);
  }
  return sums;
}
