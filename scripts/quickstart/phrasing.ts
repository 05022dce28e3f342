/** From a sentence with slots to a query. */
import type { Part } from "./partition.ts";
import type { Random } from "./random.ts";
import type { ToolSpec } from "./toolSpec.ts";

export interface Phrasing {
  /** `tool/train/3`, `tool/heldOut/0`, `tool/again/1`, … */
  id: string;
  template: string;
}

/** Fills the slots; an optional group stands only where its parameter was given. */
export function fill(template: string, said: ReadonlyMap<string, string>): string {
  return template
    .replace(/\[(\w+):([^\]]*)\]/g, (_, name: string, text: string) => (said.has(name) ? text : ""))
    .replace(/\{(\w+)\}/g, (_, name: string) => {
      const words = said.get(name);
      if (words === undefined) throw new RangeError(`"${template}" has no value for ${name}`);
      return words;
    });
}

const phrasings = (prefix: string, templates: readonly string[]): Phrasing[] =>
  templates.map((template, index) => ({ id: `${prefix}/${index}`, template }));

/** The sentences a part of the data may ask for the tool with. Warm-up and training rows share theirs. */
export function phrasingsOf(tool: ToolSpec, part: Part): Phrasing[] {
  return part === "heldOut"
    ? phrasings(`${tool.name}/heldOut`, tool.heldOut)
    : phrasings(`${tool.name}/train`, tool.phrasings);
}

/** The sentences that ask for the tool once more. */
export function againPhrasingsOf(tool: ToolSpec, part: Part): Phrasing[] {
  return part === "heldOut"
    ? phrasings(`${tool.name}/heldOutAgain`, tool.heldOutAgain)
    : phrasings(`${tool.name}/again`, tool.again);
}

const joiners = ["{a} {b}", "{a} Also: {b}", "{a} And then: {b}", "First: {a} Second: {b}"];
const heldOutJoiners = ["{a} Then: {b}", "First: {a} And then: {b}"];

/** Puts two requests into one query. */
export function join(random: Random, part: Part, first: string, second: string): { query: string; phrasing: string } {
  const [name, templates] = part === "heldOut" ? ["join/heldOut", heldOutJoiners] : ["join/train", joiners];
  const { id, template } = random.pick(phrasings(name as string, templates as string[]));
  return { query: template.replace("{a}", () => first).replace("{b}", () => second), phrasing: id };
}
