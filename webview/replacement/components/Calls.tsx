/** A list of calls that can be changed: of a demonstration, or the gold ones. */
import type { CallReading, Path } from "../../../schemas/replacementView.ts";
import { FaultList } from "../../controls/FaultList.tsx";
import { Choice } from "../../controls/fields.tsx";
import { visibleText } from "../../text/visible.ts";
import { othersAt } from "../client/faults.ts";
import { Arguments } from "./Arguments.tsx";
import { useEditor } from "./context.ts";
import { IconButton } from "./IconButton.tsx";

export interface CallsProps {
  calls: readonly CallReading[];
  /** Of the list. */
  path: Path;
  /** Offered first. */
  offered: readonly string[];
}

export function Calls({ calls, path, offered }: CallsProps) {
  const { client, reading, faults } = useEditor();
  const names = [...new Set([...offered, ...reading.tools])];
  const add = (): void => {
    const name = offered[0] ?? names[0] ?? "tool";
    const json = JSON.stringify({ name, arguments: {} });
    const focus = [...path, calls.length, "name"].join(".");
    client.edit([{ change: "insert", path, at: calls.length, json }], { focus, said: "Call added" });
  };
  return (
    <div class="calls">
      <FaultList faults={faults.at(path)} />
      {calls.length === 0 && <p class="dim">No call: the policy is shown that none of the tools fits.</p>}
      {calls.map((call, index) => {
        const at = [...path, index];
        const options = names.includes(call.name) ? names : [call.name, ...names];
        return (
          <section key={index} class="call-box" aria-label={`Call ${index + 1}: ${visibleText(call.name)}`}>
            <Choice
              label="Tool"
              code
              value={call.name}
              options={options.map((name) => ({ value: name, text: visibleText(name) }))}
              place={[...at, "name"].join(".")}
              problems={faults.at([...at, "name"])}
              aside={
                <IconButton
                  icon="trash"
                  label={`Remove call ${index + 1}`}
                  onClick={() => client.edit([{ change: "remove", path: at }], { said: "Call removed" })}
                />
              }
              onChange={(name) => client.edit([{ change: "set", path: [...at, "name"], json: JSON.stringify(name) }])}
            />
            <FaultList faults={othersAt(faults, at, ["name", "arguments"])} />
            <Arguments call={call} path={at} />
          </section>
        );
      })}
      <button type="button" class="link" onClick={add}>
        + Add a call
      </button>
    </div>
  );
}
