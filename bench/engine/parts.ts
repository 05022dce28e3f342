/** What is measured in one piece and put on the page by itself, so that hours that are cut off keep what they came to. */
import type { Row } from "../report.ts";
import type { Bench } from "./bench.ts";
import { growth } from "./growth.ts";
import type { Plan } from "./plan.ts";
import { sampling } from "./sampling.ts";
import { step } from "./step.ts";
import { update } from "./update.ts";

export interface Part {
  /** Its section; behind a slash its name, where the section has several. */
  key: string;
  measure(bench: Bench): Promise<Row[]>;
}

/** In the page's order. */
export const partsOf = ({ updates, steps }: Plan): Part[] => [
  ...updates.map((work) => ({ key: `update/${work.key}`, measure: (bench: Bench) => update(work, bench) })),
  { key: "sampling", measure: sampling },
  ...steps.map((work) => ({ key: `step/${work.key}`, measure: (bench: Bench) => step(work, bench) })),
  { key: "growth", measure: growth },
];

export const sectionOf = (key: string): string => key.split("/")[0] as string;

/** @param names keys or sections, with commas between them; undefined for all parts. @throws Error naming what is neither */
export function chosenParts(plan: Plan, names?: string): Part[] {
  const parts = partsOf(plan);
  if (names === undefined) return parts;
  const wanted = new Set(names.split(","));
  const known = new Set(parts.flatMap(({ key }) => [key, sectionOf(key)]));
  const unknown = [...wanted].filter((name) => !known.has(name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(", ")}: take of ${[...known].join(", ")}.`);
  return parts.filter(({ key }) => wanted.has(key) || wanted.has(sectionOf(key)));
}
