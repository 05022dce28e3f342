/** What an object leaves out, and how it gets it. */
import { useState } from "preact/hooks";
import type { Path } from "../../../schemas/replacementView.ts";
import type { AbsentMember } from "../../../schemas/valueForm.ts";
import { TextBox } from "../../controls/fields.tsx";
import { oneLine } from "../../text/visible.ts";
import { useEditor } from "../components/context.ts";
import { shownName } from "./names.ts";
import { addPlace, placeOf } from "./places.ts";

export function LeftOut({ members, path }: { members: readonly AbsentMember[]; path: Path }) {
  const { client } = useEditor();
  const add = ({ name, first }: AbsentMember): void =>
    client.edit([{ change: "set", path: [...path, name], json: first }], {
      said: `${shownName(name)} added`,
      focus: placeOf([...path, name]),
    });
  return (
    <p class="absent">
      <span class="dim">Left out:</span>
      {members.map((member) => (
        <button
          key={member.name}
          type="button"
          class={member.required ? "chip wanted" : "chip"}
          title={oneLine(member.description, 300)}
          aria-label={`Add ${shownName(member.name)}${member.required ? ", required" : ""}`}
          data-place={addPlace([...path, member.name])}
          onClick={() => add(member)}
        >
          + {shownName(member.name)}
          {member.required && " (required)"}
        </button>
      ))}
    </p>
  );
}

/** A member that the schema allows and does not name. */
export function AddOther({ path, taken, first }: { path: Path; taken: readonly string[]; first: string }) {
  const { client } = useEditor();
  const [name, setName] = useState("");
  const isTaken = taken.includes(name);
  const add = (): void => {
    if (name === "" || isTaken) return;
    client.edit([{ change: "set", path: [...path, name], json: first }], {
      said: `${shownName(name)} added`,
      focus: placeOf([...path, name]),
    });
    setName("");
  };
  return (
    <form
      class="add-other"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextBox
        label="Another name"
        code
        value={name}
        problems={isTaken ? [{ severity: "error", sentence: "It has a value already." }] : []}
        onInput={(text) => setName(text.slice(0, 200))}
        aside={
          <button type="submit" class="link" disabled={name === "" || isTaken}>
            add
          </button>
        }
      />
    </form>
  );
}
