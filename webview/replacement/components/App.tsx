/** The replacement editor: the edit on one side, what the policy reads on the other. */
import { useLayoutEffect, useMemo } from "preact/hooks";
import { Button } from "../../controls/Button.tsx";
import { FaultList } from "../../controls/FaultList.tsx";
import { ProgressRing } from "../../controls/ProgressRing.tsx";
import { Faults } from "../client/faults.ts";
import type { ReplacementClient } from "../client/replacementClient.ts";
import { Broken } from "./Broken.tsx";
import { Calls } from "./Calls.tsx";
import { Editor, useEditor } from "./context.ts";
import { Demonstrations } from "./Demonstrations.tsx";
import { Head } from "./Head.tsx";
import { HistoryList } from "./HistoryList.tsx";
import { Prompt } from "./Prompt.tsx";
import { TryPanel } from "./TryPanel.tsx";

export function App({ client }: { client: ReplacementClient }) {
  const { reading, findings, problem, said, refused } = client.state;
  const faults = useMemo(() => new Faults(reading?.problems ?? [], findings), [reading, findings]);
  useLayoutEffect(() => client.drawn());
  useLayoutEffect(() => {
    // Where the page stood before it was hidden.
    if (reading) document.body.scrollTop = client.kept.scroll;
  }, [reading === undefined]);
  return (
    <main>
      {problem && (
        <p class="notice" role="alert">
          {problem}
        </p>
      )}
      {refused && <p class="notice">{refused}</p>}
      {!reading && !problem && <ProgressRing label="Reading the file" />}
      {reading?.fault && <Broken client={client} fault={reading.fault} />}
      {reading?.edit && (
        <Editor.Provider value={{ client, reading, faults }}>
          <Edit />
        </Editor.Provider>
      )}
      <div class="for-readers" role="status" aria-live="polite">
        {said}
      </div>
    </main>
  );
}

function Edit() {
  const { client, reading, faults } = useEditor();
  const { edit, sample, trouble } = reading;
  const offered = useMemo(() => sample?.tools.map(({ name }) => name) ?? [], [sample]);
  if (!edit) return null;
  const changed = reading.problems.some(({ kind }) => kind === "row-changed" || kind === "row-mismatch");
  // Problems of keys that have no field of their own.
  const others = faults.all.filter(({ path }) => !FIELDS.has(String(path[0])));
  return (
    <>
      <Head edit={edit} />
      {trouble && <p class="notice warning">{trouble}</p>}
      {others.length > 0 && (
        <div class="notice">
          <FaultList faults={others} />
          {changed && sample && (
            <Button
              onClick={() =>
                client.edit([
                  { change: "set", path: ["row"], json: JSON.stringify(sample.row) },
                  { change: "set", path: ["original"], json: sample.rowJson },
                ])
              }
            >
              The edit fits the row as it is now
            </Button>
          )}
        </div>
      )}
      <TryPanel />
      <div class="columns">
        <div class="edit">
          {edit.action === "fewshot" && <Demonstrations />}
          {edit.action === "fixGold" && (
            <section aria-labelledby="gold-title">
              <h2 id="gold-title">Gold calls</h2>
              <FaultList faults={faults.at(["gold"])} />
              <Calls calls={edit.gold} path={["gold"]} offered={offered} />
            </section>
          )}
          {edit.action === "exclude" && (
            <p class="empty-state">
              {edit.scope === "always"
                ? "The sample is not drawn any more."
                : "The sample is not drawn while it is hard."}
            </p>
          )}
          <HistoryList />
        </div>
        <Prompt />
      </div>
    </>
  );
}

const FIELDS = new Set(["action", "scope", "note", "demonstrations", "gold"]);
