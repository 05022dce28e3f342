/** Trajectories (schemas/trajectories.ts): what was generated, for learning and reading; nobody writes calls in them by hand. */
import { trajectorySchema } from "../../../schemas/trajectories.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialect.ts";
import { emptyReading } from "./model.ts";

export const trajectories: Dialect = {
  id: "trajectories",
  title: "ToolExpander trajectories",
  layout: "lines",
  schemaOf: (value) => trajectorySchema(isJsonObject(value) ? value : {}),

  detect(value) {
    if (!isJsonObject(value)) return 0;
    if (typeof value.trajectories === "number" && isJsonObject(value.settings)) return 1;
    if (typeof value.question !== "string" || typeof value.query !== "string") return 0;
    return Array.isArray(value.turns) || typeof value.skipped === "string" ? 1 : 0;
  },

  read: emptyReading,
};
