/** The rollout that a command was called on. */
import { RolloutPosition } from "../../schemas/run.ts";
import { follows } from "../../server/toolcalls/check.ts";
import { partOf } from "../commands/target.ts";

/** Undefined where the target names none; other extensions and key bindings may call a command with anything. */
export function positionOf(target: unknown): RolloutPosition | undefined {
  const [step, phase, group, rollout] = ["step", "phase", "group", "rollout"].map((key) => partOf(target, key));
  const position = { step, phase, group, rollout };
  return follows(RolloutPosition, position) ? position : undefined;
}
