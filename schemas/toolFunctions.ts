/**
 * The type of tools of one's own: what the default export of the file has to be that an experiment names, as
 * `"environment": { "functions": "./world.ts" }`. Types alone and no imports, so that a copy of this file can lie beside the tools.
 */

/** What a tool answers: a text as it is, anything else as JSON. */
export type ToolResult = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

/**
 * Answers one call. Only calls that follow the tool's parameters reach it. It has to give the same answer whenever it is asked the same:
 * trajectories that are generated again are to be the same. It runs in a thread of its own, with a time limit for each call
 * (settings.spark.functions). What it throws becomes an observation, so its message is for the policy to read.
 */
export type ToolFunction = (args: Readonly<Record<string, unknown>>) => ToolResult | Promise<ToolResult>;

/** A function for each tool, by the tool's name. */
export type ToolFunctions = Readonly<Record<string, ToolFunction>>;
