/** A tool catalog (`*.tools.json`): an array of tools in the OpenAI chat form. */
import { type Static, Type } from "@sinclair/typebox";

export const ToolFunction = Type.Object(
  {
    name: Type.String({ pattern: "^[A-Za-z0-9_.-]{1,64}$", description: "Name the policy calls the tool by." }),
    description: Type.Optional(Type.String({ description: "What it does, for the policy to read." })),
    parameters: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: "JSON Schema of the arguments object." }),
    ),
  },
  { additionalProperties: true },
);

export const Tool = Type.Object(
  { type: Type.Literal("function"), function: ToolFunction },
  { additionalProperties: true },
);

export const ToolCatalog = Type.Array(Tool, { $id: "tools", description: "Tools a policy may call." });

export type Tool = Static<typeof Tool>;
export type ToolCatalog = Static<typeof ToolCatalog>;
