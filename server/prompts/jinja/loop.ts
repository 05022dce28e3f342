/** The variable `loop` of a turn. */
import { PythonError } from "../../toolcalls/python/error.ts";
import type { PythonValue } from "../../toolcalls/python/value.ts";
import { Callable, Members, orUndefined } from "./values.ts";

export function loopOf(items: readonly PythonValue[], index: number): Members {
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
      // Only a recursive loop is deeper, which the library's parser does not know.
      ["depth", 1],
      ["depth0", 0],
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
