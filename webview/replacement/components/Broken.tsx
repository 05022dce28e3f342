/** A file that cannot be shown as an edit: its fault, and its text to mend. */
import type { Path, Reading } from "../../../schemas/replacementView.ts";
import { Button } from "../../controls/Button.tsx";
import { TextBox } from "../../controls/fields.tsx";
import type { ReplacementClient } from "../client/replacementClient.ts";
import { useTyping } from "./typing.ts";

export function Broken({ client, fault }: { client: ReplacementClient; fault: NonNullable<Reading["fault"]> }) {
  const { text = "", version = 0 } = client.state.document ?? {};
  const send = (typed: string): number => client.rewrite(typed);
  const typing = useTyping({ client, path: WHOLE, value: text, version, send });
  return (
    <section class="broken">
      <h2>This file is no replacement as it stands</h2>
      <p class="dim">The last valid version of this sample stays in force in a run until it is mended.</p>
      <TextBox
        label={fault.line === null ? "Text of the file" : `Text of the file; the fault is on line ${fault.line}`}
        lines
        code
        value={typing.text}
        problems={[
          {
            severity: "error",
            sentence: fault.line === null ? fault.sentence : `Line ${fault.line}: ${fault.sentence}`,
          },
        ]}
        onInput={typing.input}
        onBlur={typing.leave}
      />
      <div class="actions">
        <Button onClick={() => client.command("reopenAsText")}>Reopen as text</Button>
        <Button onClick={() => client.command("backToAutomatic")}>Back to automatic</Button>
      </div>
    </section>
  );
}

/** Of the whole text. */
const WHOLE: Path = [];
