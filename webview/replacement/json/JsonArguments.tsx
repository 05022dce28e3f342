/** The arguments of a call as JSON. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Path } from "../../../schemas/replacementView.ts";
import { FaultList } from "../../controls/FaultList.tsx";
import { useOwnId } from "../../controls/fields.tsx";
import { ProgressRing } from "../../controls/ProgressRing.tsx";
import { useDraft, useEditor } from "../components/context.ts";
import { FormJson } from "../form/FormJson.tsx";
import { shownName } from "../form/names.ts";
import { notYet } from "../form/notYet.ts";
import type { JsonEditor } from "./contract.ts";
import { loadJsonEditors, pageNonce } from "./load.ts";

export interface JsonArgumentsProps {
  /** Of the arguments. */
  path: Path;
  /** As the file has them. */
  value: string;
  /** Of the call, for those who do not see where the arguments stand. */
  name: string;
  aside?: ComponentChildren;
}

export function JsonArguments({ path, value, name, aside }: JsonArgumentsProps) {
  const { client, faults } = useEditor();
  const object = true;
  const { text, now, input, leave } = useDraft(path, value, (typed) => (notYet(typed, { object }) ? undefined : typed));
  const fault = notYet(text, { object });
  const found = faults.at(path, true);
  const id = useOwnId();
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<JsonEditor>(undefined);
  const [state, setState] = useState<"loading" | "there" | "failed">("loading");
  // What the editor calls is what this was drawn with last.
  const latest = useRef({ path, input, leave, now });
  latest.current = { path, input, leave, now };
  useEffect(() => {
    let gone = false;
    loadJsonEditors().then(
      (editors) => {
        if (gone || !parent.current) return;
        editor.current = editors.open({
          parent: parent.current,
          text: latest.current.now(),
          label: `Arguments of ${shownName(name)} as JSON`,
          describedBy: id,
          nonce: pageNonce,
          input: (typed) => latest.current.input(typed),
          blur: () => latest.current.leave(),
          complete: (typed, offset) => client.completions(latest.current.path, typed, offset),
          isUnfinished: () => notYet(latest.current.now(), { object }) !== undefined,
        });
        setState("there");
      },
      () => setState("failed"),
    );
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [name]);
  useEffect(() => editor.current?.show(latest.current.now()), [state, text]);
  useEffect(() => {
    const within = found.map((one) => ({ ...one, path: one.path.slice(path.length) }));
    editor.current?.mark(fault ? [{ ...fault, path: [], key: false }] : within);
  }, [state, text, JSON.stringify(found)]);
  if (state === "failed") return <FormJson label="Arguments" {...{ path, value, aside, object }} problems={found} />;
  return (
    <div class="field">
      <div class="field-head json-head">
        <span>Arguments</span>
        {aside && <span class="asides">{aside}</span>}
      </div>
      {state === "loading" && <ProgressRing label="Opening the JSON editor" />}
      <div ref={parent} />
      <div id={id}>
        <FaultList faults={fault ? [fault] : found} />
      </div>
    </div>
  );
}
