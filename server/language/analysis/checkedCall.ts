/** A call with its tool, and what is wrong with its arguments, found once for all rules that speak of arguments. */
import { argumentFaults } from "../../toolcalls/argumentFaults.ts";
import type { Call } from "../../toolcalls/dialects/model.ts";
import { alternativeFaults } from "./alternatives.ts";
import { type PlacedFault, placed } from "./placedFault.ts";
import type { ScopedTool, ToolScope } from "./scope.ts";

export class CheckedCall {
  readonly call: Call;
  readonly scope: ToolScope;
  readonly tool: ScopedTool | undefined;
  #faults: PlacedFault[] | undefined;

  constructor(call: Call, scope: ToolScope) {
    this.call = call;
    this.scope = scope;
    this.tool = scope.find(call.name);
  }

  /** None where the tool is unknown or the arguments could not be read. */
  get faults(): readonly PlacedFault[] {
    this.#faults ??= this.#find();
    return this.#faults;
  }

  #find(): PlacedFault[] {
    const { call, tool } = this;
    const unread = call.form === "absent" || call.form === "not-json" || call.form === "not-object";
    if (tool === undefined || call.wanted.length === 0 || (unread && call.form !== "absent")) return [];
    if (call.alternatives === true) return alternativeFaults(call, tool.schema);
    return argumentFaults(tool.schema, call.arguments).map((fault) => placed(fault, call.argumentsRef));
  }
}
