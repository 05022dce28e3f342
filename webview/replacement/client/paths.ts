/** Places in the file: keys and positions from its root. */
import type { Change, Path } from "../../../schemas/replacementView.ts";

/** Whether a path is another's beginning, or the same. */
export const isWithin = (path: Path, outer: Path): boolean =>
  outer.length <= path.length && outer.every((part, index) => part === path[index]);

/** Where what stood at a path stands after a change; undefined where the change took it away or put something else there. */
export function pathAfter(path: Path, change: Change): Path | undefined {
  if (change.change === "set") return path;
  if (change.change === "remove") {
    if (isWithin(path, change.path)) return undefined;
    const [list, removed] = [change.path.slice(0, -1), change.path.at(-1)];
    return typeof removed === "number" ? shifted(path, list, (index) => (index > removed ? index - 1 : index)) : path;
  }
  if (change.change === "insert") {
    return shifted(path, change.path, (index) => (index >= change.at ? index + 1 : index));
  }
  const { from, to } = change;
  return shifted(path, change.path, (index) => {
    if (index === from) return to;
    if (index > from && index <= to) return index - 1;
    return index < from && index >= to ? index + 1 : index;
  });
}

/** The path with another position in a list that it leads through. */
function shifted(path: Path, list: Path, move: (index: number) => number): Path {
  const index = path[list.length];
  if (!isWithin(path, list) || typeof index !== "number") return path;
  return [...list, move(index), ...path.slice(list.length + 1)];
}
