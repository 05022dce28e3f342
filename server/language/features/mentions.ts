/** Every place of a record that names a tool or a parameter, and which tool that is. */
import type { Sample, Tool } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { isJsonObject } from "../../toolcalls/json.ts";
import { forEachSchema } from "../analysis/schemaNodes.ts";
import type { RecordView } from "./recordView.ts";

export interface Mention {
  kind: "definition" | "offer" | "call";
  /** Equal for mentions of one tool: those of a catalog by its file, those that records carry by what they say. */
  tool: string;
  toolName: string;
  /** Names of properties that lead to a parameter; empty where the tool itself is named. */
  parameter: readonly string[];
  /** The text that stands there. */
  name: string;
  ref: Ref;
  /** In a demonstration. */
  demonstrated: boolean;
}

export function mentionsOf(view: RecordView): Mention[] {
  const found: Mention[] = [];
  for (const tool of view.reading.tools)
    found.push(...definitions(tool, catalogKey(view.frame.origin.file, tool.name), false));
  for (const { sample, demonstrated } of view.samples()) {
    const { offer } = sample;
    if (offer.kind === "own")
      for (const tool of offer.tools) found.push(...definitions(tool, carriedKey(tool), demonstrated));
    if (offer.kind === "named") {
      for (const { name, ref } of offer.names)
        found.push(...toolMention("offer", view, sample, name, ref, demonstrated));
    }
    for (const turn of sample.turns) {
      if (turn.role !== "tool" || turn.name === undefined) continue;
      found.push(...toolMention("call", view, sample, turn.name, turn.ref.at("name"), demonstrated));
    }
  }
  for (const { call, sample, demonstrated } of view.calls()) {
    const mention = toolMention("call", view, sample, call.name, call.nameRef, demonstrated);
    found.push(...mention);
    for (const { tool } of mention)
      found.push(
        ...argumentMentions(call.arguments, call.argumentsRef, [], { tool, toolName: call.name, demonstrated }),
      );
  }
  return found;
}

/** The tool that a name means to a sample; undefined where none of that name is known. */
function toolKey(view: RecordView, sample: Sample, name: string): string | undefined {
  const scoped = view.scopeOf(sample).find(name);
  if (scoped === undefined) return undefined;
  const carried = sample.offer.kind === "own" || sample.offer.kind === "twin";
  return carried ? carriedKey(scoped.tool) : catalogKey(scoped.origin.file, name);
}

const catalogKey = (file: string, name: string): string => `in ${file}\n${name}`;
const carriedKey = ({ name, parameters }: Tool): string => `like ${name}\n${JSON.stringify(parameters)}`;

/** Whether a file defines the tool for others, as against a record for itself. */
export const isCatalogTool = ({ tool }: Mention): boolean => tool.startsWith("in ");

function toolMention(
  kind: Mention["kind"],
  view: RecordView,
  sample: Sample,
  name: string,
  ref: Ref,
  demonstrated: boolean,
): Mention[] {
  const tool = toolKey(view, sample, name);
  return tool === undefined ? [] : [{ kind, tool, toolName: name, parameter: [], name, ref, demonstrated }];
}

function definitions(tool: Tool, key: string, demonstrated: boolean): Mention[] {
  if (tool.name === "") return [];
  const base = { kind: "definition" as const, tool: key, toolName: tool.name, demonstrated };
  const found: Mention[] = [{ ...base, parameter: [], name: tool.name, ref: tool.nameRef }];
  forEachSchema(tool, ({ schema, path, ref }) => {
    const names = parameterPath(path());
    if (names === undefined || !isJsonObject(schema.properties)) return;
    for (const name of Object.keys(schema.properties))
      found.push({ ...base, parameter: [...names, name], name, ref: ref("properties", name).key });
    if (!Array.isArray(schema.required)) return;
    for (const [index, name] of schema.required.entries()) {
      // Maps without a schema around them say `required` in another way, which names nothing.
      if (typeof name !== "string" || ref("required", index).step !== index) continue;
      found.push({ ...base, kind: "offer", parameter: [...names, name], name, ref: ref("required", index) });
    }
  });
  return found;
}

/** Names of properties on the way to a schema; undefined where it is reached by anything but properties and items. */
function parameterPath(path: readonly (string | number)[]): string[] | undefined {
  const names: string[] = [];
  for (let at = 0; at < path.length; at++) {
    if (path[at] === "items") continue;
    const name = path[at + 1];
    if (path[at] !== "properties" || typeof name !== "string") return undefined;
    names.push(name);
    at++;
  }
  return names;
}

function argumentMentions(
  value: unknown,
  ref: Ref,
  names: readonly string[],
  of: Pick<Mention, "tool" | "toolName" | "demonstrated">,
): Mention[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => argumentMentions(item, ref.at(index), names, of));
  if (!isJsonObject(value)) return [];
  return Object.keys(value).flatMap((name) => [
    { ...of, kind: "call" as const, parameter: [...names, name], name, ref: ref.at(name).key },
    ...argumentMentions(value[name], ref.at(name), [...names, name], of),
  ]);
}

/** The innermost mention around an offset of the record. */
export function mentionAt(view: RecordView, offset: number): Mention | undefined {
  return mentionsOf(view).find(({ ref }) => {
    const { start, end } = view.locate(ref);
    return start <= offset && offset <= end;
  });
}

export const sameTarget = (left: Mention, right: Mention): boolean =>
  left.tool === right.tool &&
  left.parameter.length === right.parameter.length &&
  left.parameter.every((name, index) => name === right.parameter[index]);
