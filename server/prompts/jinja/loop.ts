/** The variable `loop` of a turn. */
import { PythonError } from "../../toolcalls/python/error.ts";
import type { PythonValue } from "../../toolcalls/python/value.ts";
import type { Scope } from "./scope.ts";
import { Callable, Members, orUndefined } from "./values.ts";
import type { Work } from "./work.ts";

/** @param around where the loop stands, for its depth */
export function loopOf(items: readonly PythonValue[], index: number, around: Scope, work: Work): Members {
  work.spend(1);
  const outer = around.get("loop");
  const depth = outer instanceof Members ? Number(outer.members.get("depth0")) + 1 : 0;
  return new Members(
    "LoopContext",
    new Map<string, PythonValue>([
      ["index", index + 1],
      ["index0", index],
      ["revindex", items.length - index],
      ["revindex0", items.length - index - 1],
      ["first", index === 0],
      ["last", index === items.length - 1],
      ["length", items.length],
      ["depth", depth + 1],
      ["depth0", depth],
      ["previtem", orUndefined(items[index - 1], () => "loop.previtem of the first item")],
      ["nextitem", orUndefined(items[index + 1], () => "loop.nextitem of the last item")],
      ["cycle", new Callable("cycle", ({ positional }) => cycled(positional, index))],
    ]),
  );
}

function cycled(values: readonly PythonValue[], index: number): PythonValue {
  const value = values[index % values.length];
  if (value === undefined) throw new PythonError("TypeError", "no items for cycling given");
  return value;
}
