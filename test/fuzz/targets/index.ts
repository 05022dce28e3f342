/** Every reader of foreign bytes. The one place to add one. */
import type { Target } from "../target.ts";
import { dataTargets } from "./data.ts";
import { importTargets } from "./imports.ts";
import { modelTargets } from "./models.ts";
import { socketTargets } from "./sockets.ts";
import { storeTargets } from "./stores.ts";
import { textTargets } from "./texts.ts";

export const targets: readonly Target[] = [
  ...dataTargets,
  ...importTargets,
  ...modelTargets,
  ...storeTargets,
  ...textTargets,
  ...socketTargets,
];

export function targetNamed(name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  throw new Error(`There is no parser "${name}"; there are: ${targets.map((target) => target.name).join(", ")}`);
}
