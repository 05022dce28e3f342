/** Records as people write them, drawn by a seed: tools with a few typed parameters, samples that call them, a fault in one of fifty. */
import { Random } from "../../scripts/quickstart/random.ts";

const VERBS = ["get", "set", "find", "list", "create", "delete", "update", "send", "book", "cancel"];
const NOUNS = ["weather", "invoice", "ticket", "flight", "room", "order", "playlist", "contact", "meeting", "device"];
const PLACES = ["home", "office", "kitchen", "garage", "warehouse", "shop", "clinic", "school"];
const WORDS = ["city", "priority", "customer", "amount", "title", "address", "note", "start", "channel", "category"];
const TYPES = ["string", "integer", "number", "boolean", "enum", "array"] as const;

interface Parameter {
  type: string;
  description: string;
  enum?: string[];
  items?: { type: string };
}

interface DrawnTool {
  name: string;
  description: string;
  parameters: { type: "object"; properties: Record<string, Parameter>; required: string[] };
}

/** Tools of different names. */
export function drawTools(count: number, seed: number): DrawnTool[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(seed, "tool", index);
    const names = Array.from({ length: random.integer(1, 3) }, (_, at) => WORDS[(index + 3 * at) % WORDS.length] ?? "");
    const properties = Object.fromEntries(names.map((name) => [name, parameter(name, random)]));
    const name = `${VERBS[index % 10]}_${NOUNS[Math.floor(index / 10) % 10]}_${index}`;
    return {
      name,
      description: `Asks the ${random.pick(NOUNS)} of the ${random.pick(PLACES)}.`,
      parameters: { type: "object", properties, required: names.slice(0, random.integer(1, 2)) },
    };
  });
}

function parameter(name: string, random: Random): Parameter {
  const type = random.pick(TYPES);
  const description = `The ${name} as the ${random.pick(PLACES)} knows it.`;
  if (type === "enum") return { type: "string", description, enum: PLACES.slice(0, random.integer(2, 6)) };
  if (type === "array") return { type: "array", description, items: { type: "string" } };
  return { type, description };
}

function argument({ type, enum: options }: Parameter, random: Random): unknown {
  switch (type) {
    case "integer":
      return random.integer(0, 10_000);
    case "number":
      return random.integer(0, 1000) / 8;
    case "boolean":
      return random.chance(0.5);
    case "array":
      return [random.pick(WORDS), random.pick(PLACES)];
    default:
      return options === undefined ? `${random.pick(PLACES)} ${random.integer(1, 999)}` : random.pick(options);
  }
}

function drawCall(
  { name, parameters }: DrawnTool,
  random: Random,
): { name: string; arguments: Record<string, unknown> } {
  const values = Object.fromEntries(
    Object.entries(parameters.properties)
      .filter(([key]) => parameters.required.includes(key) || random.chance(0.5))
      .map(([key, schema]) => [key, argument(schema, random)]),
  );
  // A number that was written as text: the most frequent fault of published data.
  const [first] = parameters.required;
  if (first !== undefined && random.chance(0.02)) values[first] = { text: String(values[first]) };
  return { name, arguments: values };
}

const question = (random: Random, index: number): string =>
  `Please take care of the ${random.pick(NOUNS)} in the ${random.pick(PLACES)}, case ${index}, before ${random.integer(1, 12)} o'clock.`;

/** One line in OpenAI's chat format with the two tools it may call, of about a thousand characters. */
function chatRecord(tools: readonly DrawnTool[], index: number, seed: number): string {
  const random = new Random(seed, "chat", index);
  const offered = [random.pick(tools), random.pick(tools)];
  const call = drawCall(offered[0] as DrawnTool, random);
  const record = {
    id: `row-${index}`,
    messages: [
      { role: "user", content: question(random, index) },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: call.name, arguments: JSON.stringify(call.arguments) } },
        ],
      },
    ],
    tools: offered.map((tool) => ({ type: "function", function: tool })),
  };
  const short = 950 - JSON.stringify(record).length;
  const note = "The customer has called twice about this already. ".repeat(20).slice(0, Math.max(0, short));
  return JSON.stringify({ ...record, messages: [{ role: "system", content: note }, ...record.messages] });
}

/** One line of a samples file that names three tools of a catalog. */
export function sampleRecord(tools: readonly DrawnTool[], index: number, seed: number): string {
  const random = new Random(seed, "sample", index);
  const offered = [random.pick(tools), random.pick(tools), random.pick(tools)];
  return JSON.stringify({
    id: `sample-${index}`,
    query: question(random, index),
    tools: [...new Set(offered.map(({ name }) => name))],
    answer: [drawCall(offered[0] as DrawnTool, random)],
  });
}

export function chatLines(count: number, seed: number): string {
  const tools = drawTools(2000, seed);
  return `${Array.from({ length: count }, (_, index) => chatRecord(tools, index, seed)).join("\n")}\n`;
}
