/** The tools that the calls of a sample may use, and where they are defined. */
import type { Tool } from "../../toolcalls/dialects/model.ts";
import type { Ref } from "../../toolcalls/dialects/ref.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";
import type { TextPosition } from "../records/lines.ts";

export interface TextRange {
  start: TextPosition;
  end: TextPosition;
}

/** A record of some file. It may move while it is referred to, so its range is asked for when it is needed. */
export interface Origin {
  readonly file: string;
  /** Where the record begins. */
  readonly start: TextPosition;
  text(): string;
  locate(ref: Ref): TextRange;
}

export class ScopedTool {
  readonly tool: Tool;
  readonly origin: Origin;
  #schema: ToolSchema | undefined;

  constructor(tool: Tool, origin: Origin) {
    this.tool = tool;
    this.origin = origin;
  }

  /** Read when the first call needs it. */
  get schema(): ToolSchema {
    this.#schema ??= ToolSchema.of(this.tool.parameters);
    return this.#schema;
  }
}

export class ToolScope {
  /** Nothing is known of the tools, so that no call can be said to be wrong. */
  static readonly unknown = new ToolScope(undefined);

  readonly #tools: ReadonlyMap<string, ScopedTool> | undefined;

  /** Of tools with one name the first counts. */
  constructor(tools: ReadonlyMap<string, ScopedTool> | undefined) {
    this.#tools = tools;
  }

  static of(tools: Iterable<ScopedTool>): ToolScope {
    const byName = new Map<string, ScopedTool>();
    for (const scoped of tools) if (!byName.has(scoped.tool.name)) byName.set(scoped.tool.name, scoped);
    return new ToolScope(byName);
  }

  get known(): boolean {
    return this.#tools !== undefined;
  }

  find(name: string): ScopedTool | undefined {
    return this.#tools?.get(name);
  }

  names(): string[] {
    return [...(this.#tools?.keys() ?? [])];
  }

  /** Whether the very same definitions are in both. */
  equals(other: ToolScope): boolean {
    if (this.#tools?.size !== other.#tools?.size) return false;
    return [...(this.#tools ?? [])].every(([name, tool]) => other.#tools?.get(name) === tool);
  }

  /** The tools of these names only. */
  only(names: Iterable<string>): ToolScope {
    return ToolScope.of([...names].flatMap((name) => this.find(name) ?? []));
  }
}
