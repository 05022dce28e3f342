/** Which sample, what is to be done with it, for how long, and how the run stands to it. */
import { useEffect, useState } from "preact/hooks";
import type { CallReading, Change, EditReading, Reading } from "../../../schemas/replacementView.ts";
import { Button } from "../../controls/Button.tsx";
import { Choice, TextBox } from "../../controls/fields.tsx";
import { Icon } from "../../controls/Icon.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { shortState } from "../../words/rowStates.ts";
import { useDraft, useEditor } from "./context.ts";

type Action = EditReading["action"];

const actions = [
  { value: "fewshot", text: "Show demonstrations" },
  { value: "fixGold", text: "Correct the gold calls" },
  { value: "exclude", text: "Draw it no more" },
] as const;

const scopes = [
  { value: "whileHard", text: "while it is hard" },
  { value: "always", text: "always" },
] as const;

export function Head({ edit }: { edit: EditReading }) {
  const { client, reading } = useEditor();
  const { sample, run } = reading;
  return (
    <header class="head">
      <div class="title">
        <h1>{oneLine(edit.sample, 80)}</h1>
        {run?.state && <span class="state-name">{shortState(run.state)}</span>}
        {client.state.document?.dirty && <span class="dim">not saved</span>}
        <span class="spacer" />
        <Button onClick={() => client.command("reopenAsText")}>Reopen as text</Button>
        <Button onClick={() => client.command("backToAutomatic")}>Back to automatic</Button>
      </div>
      {sample && <p class="query">{visibleText(sample.query)}</p>}
      {sample && (
        <p class="mono gold-line">
          <span class="dim">gold </span>
          {sample.answer.length === 0
            ? "no call"
            : sample.answer.map((call) => `${call.name} ${oneLine(call.arguments, 400)}`).join(" · ")}
        </p>
      )}
      <RunLine run={run} />
      <Rules edit={edit} />
    </header>
  );
}

function RunLine({ run }: { run: Reading["run"] }) {
  const { client } = useEditor();
  const { verdict } = client.state;
  const icons = {
    accepted: "pass",
    refused: "error",
    waiting: "loading",
    "no-run": "info",
    problem: "warning",
  } as const;
  return (
    <div class="run-line">
      {verdict ? (
        <p class={`verdict is-${verdict.state}`}>
          <Icon name={icons[verdict.state]} spin={verdict.state === "waiting"} /> {visibleText(verdict.sentence)}
        </p>
      ) : (
        <p class="dim">{run ? runText(run) : "No run uses this folder yet."}</p>
      )}
      {run && !run.takesEdits && (
        <p class="warning">
          <Icon name="warning" /> This run takes no edits: settings.curriculum.replacements is off, as in every
          baseline.
        </p>
      )}
    </div>
  );
}

/** The step of a live run has passed before it is read. */
const runText = ({ id, live, step }: NonNullable<Reading["run"]>): string =>
  live ? `Live run ${id}: a saved edit is used from its next step on.` : `Newest run ${id}, step ${step}.`;

function Rules({ edit }: { edit: EditReading }) {
  const { client, reading, faults } = useEditor();
  // What an action had comes back with it.
  const [kept, setKept] = useState<{ demonstrations?: string; gold?: string }>({});
  // A second choice may come before the first one has been read in the file: it counts from the first.
  const [chosen, setChosen] = useState<{ action: Action; edit: number }>();
  const isUnread = chosen !== undefined && !client.hasRead(chosen.edit);
  const current = isUnread ? chosen.action : edit.action;
  useEffect(() => {
    if (!isUnread) setChosen(undefined);
  }, [isUnread]);
  const choose = (action: Action): void => {
    const now = isUnread ? kept : { ...kept, ...partsOf(edit) };
    setKept(now);
    const changes: Change[] = [{ change: "set", path: ["action"], json: JSON.stringify(action) }];
    if (current === "fewshot") changes.push({ change: "remove", path: ["demonstrations"] });
    if (current === "fixGold") changes.push({ change: "remove", path: ["gold"] });
    if (action === "fewshot")
      changes.push({ change: "set", path: ["demonstrations"], json: now.demonstrations ?? "[]" });
    if (action === "fixGold") {
      const gold = now.gold ?? reading.sample?.answerJson ?? "[]";
      changes.push({ change: "set", path: ["gold"], json: gold }, { change: "set", path: ["scope"], json: '"always"' });
    }
    client.edit(changes);
    setChosen({ action, edit: client.lastEdit });
  };
  const note = useDraft(["note"], edit.note, JSON.stringify);
  const isGold = current === "fixGold";
  return (
    <div class="rules">
      <Choice
        label="What to do"
        value={current}
        options={actions}
        problems={faults.at(["action"])}
        onChange={(value) => {
          const action = actions.find((one) => one.value === value)?.value;
          if (action && action !== current) choose(action);
        }}
      />
      <Choice
        label="For how long"
        value={edit.scope}
        options={isGold ? scopes.slice(1) : scopes}
        problems={faults.at(["scope"])}
        onChange={(scope) => client.edit([{ change: "set", path: ["scope"], json: JSON.stringify(scope) }])}
      />
      <TextBox
        label="Note"
        lines
        value={note.text}
        placeholder="For whoever reads this edit"
        onInput={note.input}
        onBlur={note.leave}
      />
      <TextBox
        label="Why this change"
        value={client.kept.why}
        placeholder="Goes into the history with the next saving"
        onInput={(text) => client.explain(text)}
      />
    </div>
  );
}

/** The parts of a file that an action has for itself, with every digit of their numbers. */
function partsOf({ action, demonstrations, gold }: EditReading): { demonstrations?: string; gold?: string } {
  if (action === "fixGold") return { gold: callsJson(gold) };
  if (action !== "fewshot") return {};
  const items = demonstrations.map(({ query, thought, calls }) => {
    const said = thought === null ? "" : `\n  "thought": ${JSON.stringify(thought)},`;
    return `{\n  "query": ${JSON.stringify(query)},${said}\n  "calls": ${callsJson(calls)}\n}`;
  });
  return { demonstrations: `[${items.join(",\n")}]` };
}

const callsJson = (calls: readonly CallReading[]): string =>
  `[${calls.map((call) => `{ "name": ${JSON.stringify(call.name)}, "arguments": ${call.arguments} }`).join(",\n")}]`;
