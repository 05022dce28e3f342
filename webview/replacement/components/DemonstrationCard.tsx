/** One demonstration: what is asked, and how it is answered. */
import type { DemonstrationReading, Path } from "../../../schemas/replacementView.ts";
import { FaultList } from "../../controls/FaultList.tsx";
import { TextBox } from "../../controls/fields.tsx";
import { plural } from "../../words/numbers.ts";

import { othersAt } from "../client/faults.ts";
import { Calls } from "./Calls.tsx";
import { useDraft, useEditor } from "./context.ts";
import { IconButton } from "./IconButton.tsx";

export interface DemonstrationCardProps {
  demonstration: DemonstrationReading;
  index: number;
  count: number;
  /** Tokens of its turns in the prompt; undefined where they are not known. */
  tokens: number | undefined;
  move(from: number, to: number): void;
}

export function DemonstrationCard({ demonstration, index, count, tokens, move }: DemonstrationCardProps) {
  const { client, reading, faults } = useEditor();
  const path: Path = ["demonstrations", index];
  const name = `Demonstration ${index + 1}`;
  const { query, thought, calls } = demonstration;
  const keys = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(index, index + (event.key === "ArrowUp" ? -1 : 1));
  };
  const remove = (): void =>
    client.edit([{ change: "remove", path }], {
      said: `${name} removed`,
      focus: count === 1 ? "add" : `handle.${Math.min(index, count - 2)}`,
    });
  return (
    <li
      class="demonstration"
      aria-label={name}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const from = Number(event.dataTransfer?.getData(DRAGGED) || Number.NaN);
        if (Number.isInteger(from)) move(from, index);
      }}
    >
      <header>
        <button
          type="button"
          class="handle"
          draggable
          data-place={`handle.${index}`}
          aria-label={`${name} of ${count}. Alt with up or down moves it.`}
          title="Drag, or Alt+Up and Alt+Down"
          onKeyDown={keys}
          onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, String(index))}
        >
          <span class="codicon codicon-gripper" aria-hidden="true" /> {index + 1}
        </button>
        {tokens !== undefined && <span class="dim">{plural(tokens, "token")}</span>}
        <span class="tools">
          <IconButton
            icon="arrow-up"
            label={`Move ${name} up`}
            disabled={index === 0}
            onClick={() => move(index, index - 1)}
          />
          <IconButton
            icon="arrow-down"
            label={`Move ${name} down`}
            disabled={index === count - 1}
            onClick={() => move(index, index + 1)}
          />
          <IconButton icon="trash" label={`Remove ${name}`} onClick={remove} />
        </span>
      </header>
      <FaultList faults={othersAt(faults, path, ["query", "thought", "calls"])} />
      <Prose label="The user asks" path={[...path, "query"]} value={query} place={`query.${index}`} />
      {thought === null ? (
        <button
          type="button"
          class="link"
          onClick={() =>
            client.edit([{ change: "set", path: [...path, "thought"], json: '""' }], { focus: `thought.${index}` })
          }
        >
          + Let the assistant write something first
        </button>
      ) : (
        <Prose
          label="The assistant writes first"
          path={[...path, "thought"]}
          value={thought}
          place={`thought.${index}`}
          aside={
            <IconButton
              icon="close"
              label="Leave the text out"
              onClick={() => client.edit([{ change: "remove", path: [...path, "thought"] }])}
            />
          }
        />
      )}
      <Calls calls={calls} path={[...path, "calls"]} offered={reading.sample?.tools.map((tool) => tool.name) ?? []} />
    </li>
  );
}

const DRAGGED = "application/x-demonstration";

interface ProseProps {
  label: string;
  path: Path;
  value: string;
  place: string;
  aside?: preact.ComponentChildren;
}

function Prose({ label, path, value, place, aside }: ProseProps) {
  const { faults } = useEditor();
  const { text, input, leave } = useDraft(path, value, JSON.stringify);
  const problems = faults.at(path);
  return <TextBox {...{ label, place, problems, aside }} lines value={text} onInput={input} onBlur={leave} />;
}
