/** The extension's manifest as the pages read it, with its strings in English. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { JsonSchema } from "./schemaTable.ts";

const root = path.resolve(import.meta.dirname, "../..");

const Setting = Type.Unsafe<
  JsonSchema & { default: unknown; scope: string; markdownDescription: string; enumDescriptions?: string[] }
>(Type.Object({ default: Type.Unknown(), scope: Type.String(), markdownDescription: Type.String() }));

const Manifest = Type.Object({
  contributes: Type.Object({
    commands: Type.Array(Type.Object({ command: Type.String(), title: Type.String(), category: Type.String() })),
    menus: Type.Record(Type.String(), Type.Array(Type.Object({ command: Type.String() }))),
    keybindings: Type.Array(Type.Object({ command: Type.String(), key: Type.String(), mac: Type.String() })),
    configuration: Type.Object({ properties: Type.Record(Type.String(), Setting) }),
  }),
});

/** A file as it is: parsing by the schema would take out what the schema does not name. */
function read<T extends TSchema>(schema: T, file: string): Static<T> {
  const value: unknown = JSON.parse(readFileSync(path.join(root, file), "utf8"));
  Value.Assert(schema, value);
  return value;
}

/** What the extension contributes. */
export const contributes = read(Manifest, "package.json").contributes;

const strings = read(Type.Record(Type.String(), Type.String()), "package.nls.json");

/** The text behind a `%key%`; any other text is itself. */
export const english = (text: string): string => strings[/^%(.+)%$/.exec(text)?.[1] ?? ""] ?? text;
