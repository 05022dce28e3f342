/** Experiment files (schemas/experiment.ts). They hold no tools and no samples: they name the files that do. */
import { ExperimentFile } from "../../../schemas/experiment.ts";
import { isJsonObject } from "../json.ts";
import type { Dialect } from "./dialect.ts";
import { emptyReading } from "./model.ts";

/** One that is half written has some of these already. */
const TELLING = ["preset", "model", "train", "tools", "heldOut", "demonstrations", "scale"];
const ENOUGH = 3;

export const experiment: Dialect = {
  id: "experiment",
  title: "ToolExpander experiment",
  layout: "document",
  schemaOf: () => ExperimentFile,

  detect(value) {
    if (!isJsonObject(value) || Array.isArray(value.messages) || Array.isArray(value.conversations)) return 0;
    const { tools, train, preset } = value;
    if (tools !== undefined && !(Array.isArray(tools) && tools.every((path) => typeof path === "string"))) return 0;
    if (typeof train !== "string" && typeof preset !== "string") return 0;
    return TELLING.filter((key) => Object.hasOwn(value, key)).length >= ENOUGH ? 1 : 0;
  },

  read: emptyReading,
};
