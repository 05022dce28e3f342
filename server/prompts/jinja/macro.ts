/** A macro as a value: it sees the names of where it was written, not of where it is called. */
import { PythonError } from "../../toolcalls/python/error.ts";
import { PythonTuple, type PythonValue } from "../../toolcalls/python/value.ts";
import { Scope } from "./scope.ts";
import type { Node, Parameter } from "./syntax.ts";
import { type Arguments, Callable, Undefined } from "./values.ts";
import type { Work } from "./work.ts";

/** What runs its body. */
interface Runner {
  readonly work: Work;
  text(body: readonly Node[], scope: Scope): string;
  value(node: Node, scope: Scope): PythonValue;
}

export function macro(
  runner: Runner,
  name: string,
  parameters: readonly Parameter[],
  body: readonly Node[],
  scope: Scope,
): Callable {
  const reads = namesIn(body);
  return new Callable(name, ({ positional, keywords }: Arguments) => {
    const inner = new Scope(scope);
    const left = new Map(keywords);
    for (const [index, parameter] of parameters.entries()) {
      const [key, otherwise] =
        parameter.type === "Identifier" ? [parameter.value, undefined] : [parameter.key.value, parameter.value];
      const given = index < positional.length ? positional[index] : left.get(key);
      left.delete(key);
      if (given !== undefined) inner.set(key, given);
      else inner.set(key, otherwise ? runner.value(otherwise, inner) : new Undefined(`the parameter '${key}'`));
    }
    const extra = positional.slice(parameters.length);
    if (reads.has("varargs")) inner.set("varargs", new PythonTuple(extra));
    else if (extra.length > 0)
      throw new PythonError("TypeError", `macro '${name}' takes not more than ${parameters.length} argument(s)`);
    const caller = left.get("caller");
    if (reads.has("caller") && caller !== undefined) {
      inner.set("caller", caller);
      left.delete("caller");
    }
    if (reads.has("kwargs")) inner.set("kwargs", new Map(left));
    else if (left.size > 0)
      throw new PythonError("TypeError", `macro '${name}' takes no keyword argument '${left.keys().next().value}'`);
    return runner.text(body, inner);
  });
}

/** The special names that a body reads decide what its macro accepts. */
function namesIn(body: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(body)) for (const item of body) namesIn(item, found);
  else if (body instanceof Map) for (const entry of body) namesIn(entry, found);
  else if (typeof body === "object" && body !== null) {
    const node = body as { type?: unknown; value?: unknown };
    if (node.type === "Identifier" && typeof node.value === "string") found.add(node.value);
    for (const value of Object.values(body)) if (typeof value === "object") namesIn(value, found);
  }
  return found;
}
