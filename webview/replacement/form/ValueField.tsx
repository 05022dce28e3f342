/** A value as its form lays it out: each kind has its field, objects and lists hold fields, and what fits none is JSON. */
import type { ComponentChildren } from "preact";
import type { Path } from "../../../schemas/replacementView.ts";
import type { ValueForm } from "../../../schemas/valueForm.ts";
import { FaultList } from "../../controls/FaultList.tsx";
import { oneLine } from "../../text/visible.ts";
import { useEditor } from "../components/context.ts";
import { IconButton } from "../components/IconButton.tsx";
import { FormJson } from "./FormJson.tsx";
import { GroupHead, type GroupHeadProps } from "./GroupHead.tsx";
import { AddOther, LeftOut } from "./LeftOut.tsx";
import { shownName } from "./names.ts";
import { addPlace, placeOf } from "./places.ts";
import { ChoiceField, NullField, NumberField, SetNull, TextField } from "./ScalarFields.tsx";

export interface ValueFieldProps {
  form: ValueForm;
  path: Path;
  label: string;
  description?: string;
  required?: boolean;
  /** Beside the label: what can be done with the value as a whole. */
  aside?: ComponentChildren;
}

export function ValueField({ form, path, label, description = "", required = false, aside }: ValueFieldProps) {
  const { faults } = useEditor();
  const field = {
    path,
    label,
    hint: oneLine(description, 300) || undefined,
    type: oneLine(form.nullable ? `${form.type} or null`.replace(/^ or /, "") : form.type, 60),
    required,
    place: placeOf(path),
    problems: faults.at(path, true),
    aside: (
      <>
        {form.nullable && form.kind !== "null" && form.kind !== "choice" && <SetNull label={label} path={path} />}
        {aside}
      </>
    ),
  };
  switch (form.kind) {
    case "object":
      return <ObjectForm {...field} form={form} />;
    case "list":
      return <ListForm {...field} form={form} />;
    case "text":
      return <TextField {...field} json={form.json} />;
    case "number":
      return <NumberField {...field} json={form.json} />;
    case "json":
      return <FormJson {...field} value={form.json} />;
    case "null":
      return <NullField {...field} first={form.first} />;
    case "choice":
      return <ChoiceField {...field} json={form.json} options={form.options} />;
  }
}

export interface ObjectFormProps extends GroupHeadProps {
  form: Extract<ValueForm, { kind: "object" }>;
  path: Path;
  /** Whether it is the arguments themselves, and no group among them. */
  outermost?: boolean;
}

export function ObjectForm({ form, path, outermost = false, ...head }: ObjectFormProps) {
  const { client, faults } = useEditor();
  const { members, absent, open } = form;
  const remove = (name: string): void =>
    client.edit([{ change: "remove", path: [...path, name] }], {
      said: `${shownName(name)} left out`,
      focus: addPlace([...path, name]),
    });
  return (
    <fieldset class={outermost ? "form" : "form form-group"}>
      <GroupHead {...head} />
      {members.map(({ name, description, required, form }) => (
        <ValueField
          key={name}
          {...{ form, description, required }}
          label={shownName(name)}
          path={[...path, name]}
          aside={<IconButton icon="close" label={`Leave out ${shownName(name)}`} onClick={() => remove(name)} />}
        />
      ))}
      {members.length === 0 && absent.length === 0 && open === null && <p class="dim absent">It takes none.</p>}
      {absent.length > 0 && <LeftOut members={absent} path={path} />}
      {open !== null && <AddOther path={path} taken={members.map(({ name }) => name)} first={open} />}
      <FaultList faults={faults.at(path)} />
    </fieldset>
  );
}

interface ListFormProps extends GroupHeadProps {
  form: Extract<ValueForm, { kind: "list" }>;
  path: Path;
}

function ListForm({ form: { items, item }, path, ...head }: ListFormProps) {
  const { client, faults } = useEditor();
  const { label } = head;
  const add = (): void =>
    client.edit([{ change: "insert", path, at: items.length, json: item }], {
      said: `${label} ${items.length + 1} added`,
      focus: placeOf([...path, items.length]),
    });
  const move = (from: number, to: number): void =>
    client.edit([{ change: "move", path, from, to }], {
      said: `${label} ${from + 1} is now number ${to + 1} of ${items.length}`,
      focus: placeOf([...path, to]),
    });
  const remove = (index: number): void =>
    client.edit([{ change: "remove", path: [...path, index] }], {
      said: `${label} ${index + 1} removed`,
      focus: items.length === 1 ? addPlace(path) : placeOf([...path, Math.min(index, items.length - 2)]),
    });
  return (
    <fieldset class="form form-group">
      <GroupHead {...head} />
      {items.map((form, index) => {
        const name = `${label} ${index + 1}`;
        return (
          <ValueField
            key={index}
            form={form}
            path={[...path, index]}
            label={name}
            aside={
              <>
                {index > 0 && (
                  <IconButton icon="arrow-up" label={`Move ${name} up`} onClick={() => move(index, index - 1)} />
                )}
                {index < items.length - 1 && (
                  <IconButton icon="arrow-down" label={`Move ${name} down`} onClick={() => move(index, index + 1)} />
                )}
                <IconButton icon="close" label={`Remove ${name}`} onClick={() => remove(index)} />
              </>
            }
          />
        );
      })}
      <p class="absent">
        {items.length === 0 && <span class="dim">Empty.</span>}
        <button type="button" class="chip" data-place={addPlace(path)} aria-label={`Add to ${label}`} onClick={add}>
          + add
        </button>
      </p>
      <FaultList faults={faults.at(path)} />
    </fieldset>
  );
}
