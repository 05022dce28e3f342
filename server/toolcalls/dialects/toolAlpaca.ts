/** ToolAlpaca: one API with its functions described in text, and instructions with the calls that answer them. */
import { plain } from "../display.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect, Written } from "./dialect.ts";
import { embeddedJson } from "./embeddedJson.ts";
import { callLosses, rowLosses } from "./losses.ts";
import { type Call, callsOf, emptyReading, type Sample, type Tool } from "./model.ts";
import { items, type JsonObject, member, readCall } from "./read.ts";
import type { Ref } from "./ref.ts";
import { argumentsOf, ownTools } from "./writing.ts";

export const toolAlpaca: Dialect = {
  id: "tool-alpaca",
  title: "ToolAlpaca",
  layout: "array",
  habits: { "schema-type-name": "hint", "tool-name": "hint", "array-items": "hint" },

  detect(value) {
    if (!isJsonObject(value) || !isJsonObject(value.Function_Description)) return 0;
    return Array.isArray(value.Instructions) || Array.isArray(value.Instances) ? 1 : 0;
  },

  read(value, root) {
    if (!isJsonObject(value)) return emptyReading();
    const tools = readFunctions(value.Function_Description, root.at("Function_Description"));
    const answers = items(value.Golden_Answers, root.at("Golden_Answers"));
    const samples = items(value.Instructions, root.at("Instructions")).flatMap(({ item, ref }, index): Sample[] => {
      if (typeof item !== "string") return [];
      const answer = answers[index];
      const gold = answer && items(answer.item, answer.ref).map(({ item: call, ref: at }) => readAction(call, at));
      return [sampleOf(item, ref, tools, gold)];
    });
    return samples.length > 0 ? { ...emptyReading(), samples } : { ...emptyReading(), tools };
  },

  writeCall: (call) => ({ value: actionValue(call), lost: callLosses([call]) }),
  writeSample,
};

const sampleOf = (query: string, ref: Ref, tools: Tool[], gold: Call[] | undefined): Sample => ({
  query,
  queryRef: ref,
  offer: { kind: "own", tools },
  turns: [{ role: "user", text: query, calls: [], ref }],
  ...(gold === undefined ? {} : { gold }),
  demonstrations: [],
  ref,
});

const readAction = (value: unknown, ref: Ref): Call =>
  readCall(value, ref, { name: "Action", arguments: "Action_Input", wanted: ["string", "object"] });

const PARAMETERS = "Parameters: ";

/** Functions by name; what has no parameters is no function (`components`). */
function readFunctions(value: unknown, ref: Ref): Tool[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, text]): Tool[] => {
    if (typeof text !== "string") return [];
    const at = text.startsWith(PARAMETERS) ? 0 : text.indexOf(`\n${PARAMETERS}`);
    const list = at === -1 ? undefined : embeddedJson(text, "{", at);
    if (list === undefined || !isJsonObject(list.value)) return [];
    const place = ref.at(name);
    const inside = place.text(list.from, list.to);
    const found = Object.entries(list.value).map(([key, sentence]) => ({ key, ...parameterOf(sentence) }));
    const required = found.filter((one) => one.required).map(({ key }) => key);
    return [
      {
        name,
        description: text.slice(0, at).trim(),
        parameters: {
          type: "object",
          properties: Object.fromEntries(found.map(({ key, schema }) => [key, schema])),
          ...(required.length > 0 ? { required } : {}),
        },
        ref: place,
        nameRef: place.key,
        schemaRef: ([keyword, step]) => {
          const key = keyword === "required" && typeof step === "number" ? required[step] : step;
          return typeof key === "string" ? inside.at(key) : inside;
        },
        written: {},
      },
    ];
  });
}

/** `Required. string. What it is.` */
function parameterOf(sentence: unknown): { schema: JsonObject; required: boolean } {
  const [, needed, type = "", description = ""] =
    /^(Required\. )?([A-Za-z[\]]+)\. ?([\s\S]*)$/.exec(typeof sentence === "string" ? sentence : "") ?? [];
  if (type === "") return { schema: typeof sentence === "string" ? { description: sentence } : {}, required: false };
  return { schema: { type, description }, required: needed !== undefined };
}

const actionValue = (call: Call): unknown => ({
  Action: call.name,
  Action_Input: JSON.stringify(argumentsOf(call)),
});

function writeSample(sample: Sample): Written {
  const tools = ownTools(sample);
  const described = tools.map((tool): [string, string] => [tool.name, functionText(tool)]);
  return {
    value: {
      Name: "",
      Description: "",
      Function_Description: Object.fromEntries(described),
      Instructions: [sample.query],
      Golden_Answers: [callsOf(sample).map(actionValue)],
    },
    lost: [
      ...rowLosses(sample, { tools: "Function_Description" }),
      ...(sample.id === undefined ? [] : ["The id of the record is left out."]),
      ...tools.flatMap(toolLosses),
    ],
  };
}

function functionText({ description = "", parameters }: Tool): string {
  const required = member(parameters, "required");
  const properties = member(parameters, "properties");
  const sentences = Object.entries(isJsonObject(properties) ? properties : {}).map(
    ([key, schema]): [string, string] => {
      const needed = Array.isArray(required) && required.includes(key) ? "Required. " : "";
      const type = member(schema, "type");
      const about = member(schema, "description");
      const text = typeof about === "string" ? about : "";
      return [key, typeof type === "string" ? `${needed}${type}. ${text}` : text];
    },
  );
  return `${description}\n${PARAMETERS}${JSON.stringify(Object.fromEntries(sentences))}\nOutput: `;
}

/** Everything but type and description of a parameter has no place in its sentence. */
function toolLosses({ name, parameters }: Tool): string[] {
  const properties = member(parameters, "properties");
  const keys = Object.values(isJsonObject(properties) ? properties : {}).flatMap((schema) =>
    isJsonObject(schema) ? Object.keys(schema).filter((key) => key !== "type" && key !== "description") : [],
  );
  const left = [...new Set(keys)].map((key) => `\`${plain(key)}\``).join(", ");
  return left === "" ? [] : [`Left out of the parameters of "${plain(name)}": ${left}.`];
}
