/** tau-bench and tau2-bench tasks: what the user wants, and the actions that an agent has to take. */
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { type Call, callsOf, emptyReading, type Sample } from "./model.ts";
import { items, type JsonObject, member, readCall, textMember } from "./read.ts";
import type { Ref } from "./ref.ts";
import { bareCall } from "./writing.ts";

export const tau: Dialect = {
  id: "tau",
  title: "tau-bench and tau2-bench tasks",
  layout: "array",

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (typeof value.instruction === "string" && Array.isArray(value.actions)) return 1;
    const criteria = value.evaluation_criteria;
    return isJsonObject(value.user_scenario) && (criteria === null || isJsonObject(criteria)) ? 1 : 0;
  },

  read: (value, root) =>
    isJsonObject(value) ? { ...emptyReading(), samples: [readTask(value, root)] } : emptyReading(),

  writeCall: (call) => ({ value: bareCall(call), lost: callLosses([call]) }),
  writeSample,
};

function readTask(value: JsonObject, root: Ref): Sample {
  const criteria = root.at("evaluation_criteria");
  const list = Array.isArray(value.actions)
    ? items(value.actions, root.at("actions"))
    : items(member(value.evaluation_criteria, "actions"), criteria.at("actions"));
  const id = value.id;
  const { text, ref } = wish(value, root);
  return {
    ...(typeof id === "string" || typeof id === "number" ? { id: String(id), idRef: root.at("id") } : {}),
    query: text,
    queryRef: ref,
    offer: { kind: "open" },
    turns: [{ role: "user", text, calls: [], ref }],
    gold: list.filter(({ item }) => !isOfUser(item)).map(({ item, ref: place }) => readAction(item, place)),
    demonstrations: [],
    ref: root,
  };
}

/** Users have tools of their own, which the agent cannot call. */
const isOfUser = (action: unknown): boolean => member(action, "requestor") === "user";

/** tau writes `kwargs`, tau2 `arguments`. */
function readAction(value: unknown, ref: Ref): Call {
  const key = member(value, "kwargs") === undefined ? "arguments" : "kwargs";
  const call = readCall(value, ref, { arguments: key });
  const id = textMember(value, "action_id");
  return id === undefined ? call : { ...call, id };
}

/** The instruction, or the reason for the call among the instructions of tau2. */
function wish(value: JsonObject, root: Ref): { text: string; ref: Ref } {
  if (typeof value.instruction === "string") return { text: value.instruction, ref: root.at("instruction") };
  const instructions = member(value.user_scenario, "instructions");
  const place = root.at("user_scenario", "instructions");
  if (typeof instructions === "string") return { text: instructions, ref: place };
  for (const key of ["reason_for_call", "task_instructions"]) {
    const text = textMember(instructions, key);
    if (text !== undefined) return { text, ref: place.at(key) };
  }
  return { text: "", ref: place };
}

function writeSample(sample: Sample): Written {
  const id = sample.id ?? "";
  return {
    value: {
      id,
      user_scenario: { instructions: sample.query },
      evaluation_criteria: {
        actions: callsOf(sample).map((call, index) => ({
          action_id: call.id ?? `${id}_${index}`,
          ...bareCall(call),
        })),
      },
    },
    lost: rowLosses(sample, {}),
  };
}
