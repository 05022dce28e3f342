/** Schemas that apply themselves to the same value. */
import type { Node } from "./node.ts";
import type { Path } from "./schemaError.ts";

/** A keyword that applies another schema to the value of its own. */
export interface InPlace {
  from: Node;
  to: Node;
  keyword: string;
  path: Path;
}

/** The steps that close a circle, one for each circle that a walk in depth meets. Without recursion: chains are long. */
export function loops(steps: readonly InPlace[]): InPlace[] {
  const stepsFrom = Map.groupBy(steps, ({ from }) => from);
  const state = new Map<Node, "open" | "done">();
  const closing: InPlace[] = [];
  for (const start of stepsFrom.keys()) {
    const walk = state.has(start) ? [] : [{ node: start, next: 0 }];
    while (walk.length > 0) {
      const here = walk[walk.length - 1];
      if (here === undefined) break;
      if (here.next === 0) state.set(here.node, "open");
      const step = stepsFrom.get(here.node)?.[here.next++];
      if (step === undefined) {
        state.set(here.node, "done");
        walk.pop();
      } else if (state.get(step.to) === "open") closing.push(step);
      else if (!state.has(step.to)) walk.push({ node: step.to, next: 0 });
    }
  }
  return closing;
}
