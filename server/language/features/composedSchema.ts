/** One schema for a JSON text, put together from what is known of places in it. */
import type { JSONSchema } from "vscode-json-languageservice";
import type { JsonPath } from "./textLevel.ts";

export class ComposedSchema {
  readonly #schemas: JSONSchema[] = [];
  readonly #members = new Map<string, ComposedSchema>();
  readonly #items: (ComposedSchema | undefined)[] = [];

  /** What stands at the path follows the schema, besides all that was said of it before. */
  add(path: JsonPath, schema: JSONSchema): void {
    const [step, ...rest] = path;
    if (step === undefined) this.#schemas.push(schema);
    else this.#inside(step).add(rest, schema);
  }

  get schema(): JSONSchema {
    const members = [...this.#members].map(([name, inner]): [string, JSONSchema] => [name, inner.schema]);
    const items = Array.from(this.#items, (inner): JSONSchema => inner?.schema ?? {});
    return {
      ...(this.#schemas.length > 0 ? { allOf: this.#schemas } : {}),
      ...(members.length > 0 ? { properties: Object.fromEntries(members) } : {}),
      ...(items.length > 0 ? { prefixItems: items } : {}),
    };
  }

  #inside(step: string | number): ComposedSchema {
    const known = typeof step === "number" ? this.#items[step] : this.#members.get(step);
    if (known !== undefined) return known;
    const inner = new ComposedSchema();
    if (typeof step === "number") this.#items[step] = inner;
    else this.#members.set(step, inner);
    return inner;
  }
}
