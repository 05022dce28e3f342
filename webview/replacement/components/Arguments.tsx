/** The arguments of a call: a form by its tool's schema, or JSON. */
import type { CallReading, Path } from "../../../schemas/replacementView.ts";
import { ObjectForm } from "../form/ValueField.tsx";
import { JsonArguments } from "../json/JsonArguments.tsx";
import { useEditor } from "./context.ts";

export interface ArgumentsProps {
  call: CallReading;
  /** Of the call. */
  path: Path;
}

export function Arguments({ call, path }: ArgumentsProps) {
  const { client } = useEditor();
  const asJson = client.isShownAsJson(path);
  const at = [...path, "arguments"];
  const { form } = call;
  const toggle = form && (
    <button type="button" class="link" onClick={() => client.showAsJson(path, !asJson)}>
      {asJson ? "Edit as form" : "Edit as JSON"}
    </button>
  );
  if (!asJson && form?.kind === "object") {
    return <ObjectForm outermost label="Arguments" form={form} path={at} aside={toggle} />;
  }
  return <JsonArguments path={at} value={call.arguments} name={call.name} aside={toggle} />;
}
