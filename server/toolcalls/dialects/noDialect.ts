import type { Dialect } from "./dialect.ts";
import { emptyReading } from "./model.ts";

/** For records that no dialect knows: only what holds for any JSON is checked. */
export const NO_DIALECT: Dialect = {
  id: "none",
  title: "No known dialect",
  layout: "document",
  detect: () => 0,
  read: emptyReading,
};
