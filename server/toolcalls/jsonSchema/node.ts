/** A schema made ready: the list of its checks. No text of a schema ever becomes code. */
import type { Resource } from "./resources.ts";
import { Evaluated, type Run } from "./run.ts";

/**
 * One keyword's verdict on a value.
 * @param evaluated where it notes the properties and items it has looked at; undefined where nobody asks
 */
export type Check = (value: unknown, run: Run, evaluated: Evaluated | undefined) => boolean;

export interface Node {
  resource: Resource;
  checks: Check[];
  /** unevaluatedProperties and unevaluatedItems: they need what all other checks looked at. */
  lastChecks: Check[];
}

/** The verdict of a schema on a value; its notes reach `outer` only where the value is valid. */
export function evaluate(node: Node, value: unknown, run: Run, outer?: Evaluated): boolean {
  if (node.checks.length === 0 && node.lastChecks.length === 0) return true;
  run.deeper();
  const enters = run.scope.at(-1) !== node.resource;
  if (enters) run.scope.push(node.resource);
  const asked = outer !== undefined || node.lastChecks.length > 0;
  const own = asked && typeof value === "object" && value !== null ? new Evaluated() : undefined;
  // A value that is wrong already leaves keywords without notes; complaints about unevaluated parts would be echoes.
  const valid = all(node.checks, value, run, own) && all(node.lastChecks, value, run, own);
  if (enters) run.scope.pop();
  run.depth--;
  if (valid && own !== undefined) outer?.add(own);
  return valid;
}

function all(checks: readonly Check[], value: unknown, run: Run, evaluated: Evaluated | undefined): boolean {
  let valid = true;
  for (const check of checks) {
    if (check(value, run, evaluated)) continue;
    if (run.errors === undefined) return false;
    valid = false;
  }
  return valid;
}
