/** One catalog from the tools of many rows: a definition that comes again is the same tool, another of the same name gets a name of its own. */
import type { Tool } from "../toolcalls/dialects/model.ts";
import { writeTool } from "../toolcalls/dialects/openai.ts";
import { standardSchema } from "../toolcalls/dialects/typeNames.ts";
import { canonicalText } from "../toolcalls/jsonSchema/canonical.ts";

/** What a catalog takes (schemas/tools.ts). */
const LONGEST_NAME = 64;

export interface BookedTool {
  /** In the catalog. */
  name: string;
  /** As its rows wrote it. */
  original: string;
  value: unknown;
}

export class ToolBook {
  readonly #byDefinition = new Map<string, BookedTool>();
  readonly #names = new Set<string>();

  /** In the order in which they first came. */
  get tools(): BookedTool[] {
    return [...this.#byDefinition.values()];
  }

  /** Type names that only the source's dialect knows (`dict`, `float`) become JSON Schema's. */
  add(tool: Tool): BookedTool {
    const standard = { ...tool, parameters: objectSchema(standardSchema(tool.parameters)) };
    const definition = canonicalText([tool.name, tool.description, standard.parameters]);
    let booked = this.#byDefinition.get(definition);
    if (booked === undefined) {
      const name = this.#freeName(tool.name);
      booked = { name, original: tool.name, value: writeTool({ ...standard, name }).value };
      this.#byDefinition.set(definition, booked);
    }
    return booked;
  }

  #freeName(original: string): string {
    const allowed = original.trim().replace(/[^A-Za-z0-9_.-]+/g, "_") || "tool";
    let name = allowed.slice(0, LONGEST_NAME);
    for (let count = 2; this.#names.has(name); count++)
      name = `${allowed.slice(0, LONGEST_NAME - String(count).length - 1)}_${count}`;
    this.#names.add(name);
    return name;
  }
}

/** A catalog's parameters are an object schema; a tool that says nothing of its parameters takes none. */
const objectSchema = (schema: unknown): unknown => schema ?? { type: "object", properties: {} };
