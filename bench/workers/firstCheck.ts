/** Compiles schemas of tools, each once, and checks one value that departs from it: our interpreter, or ajv. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { compileSchema } from "../../server/toolcalls/jsonSchema/compileSchema.ts";
import { drawTools } from "../language/records.ts";

const { who } = JSON.parse(process.argv[2] ?? "{}") as { who: "ours" | "peer" };
const [warm, measured] = [drawTools(200, 5), drawTools(1000, 6)];
const ajv = new Ajv2020({ allErrors: true, strict: false, addUsedSchema: false });

function check(schema: object): number {
  const value = { unknown: 1 };
  if (who === "ours") return compileSchema(schema).validator?.(value).length ?? 0;
  const validate = ajv.compile(schema);
  validate(value);
  return validate.errors?.length ?? 0;
}

for (const { parameters } of warm) check(parameters);
const before = process.cpuUsage();
for (const { parameters } of measured) if (check(parameters) === 0) throw new Error("A fault was not found");
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ micros: (user + system) / measured.length }));
