/** What a record of another dialect loses in one that has no room for it, one sentence each. */
import { callsOf, type Sample, type Tool, type Turn } from "./model.ts";

export interface Room {
  /** Where the tools' definitions stand; undefined where they have a file of their own. */
  tools?: string;
  /** Turns other than the first question. */
  turns?: boolean;
  calls?: boolean;
  demonstrations?: boolean;
}

export function losses(sample: Sample, { tools, turns = false, calls = true, demonstrations = false }: Room): string[] {
  const { offer } = sample;
  const lost: string[] = [];
  if (tools !== undefined && offer.kind !== "own")
    lost.push(`The tools are not in the record; put their definitions under \`${tools}\`.`);
  if (tools === undefined && offer.kind === "own" && offer.tools.length > 0)
    lost.push("The tools are left out; put their definitions into a file of their own.");
  if (!turns && hasFurtherTurns(sample)) lost.push("Turns other than the question are left out.");
  if (!calls && callsOf(sample).length > 0) lost.push("The calls are left out.");
  if (!demonstrations && sample.demonstrations.length > 0) lost.push("Demonstrations are left out.");
  return lost;
}

/** Turns that say more than the question and the calls do. */
function hasFurtherTurns({ turns }: Sample): boolean {
  const asked = turns.findIndex(({ role }) => role === "user");
  return turns.some(({ role, text }, index) => index !== asked && text !== "" && role !== "system");
}

export const ownTools = ({ offer }: Sample): Tool[] => (offer.kind === "own" ? offer.tools : []);

/** For formats that keep a dialogue as one text. `written` are the turns to keep, `read` what is found in the text again. */
export function dialogueLosses(written: readonly Turn[], read: readonly Turn[]): string[] {
  const told = (turns: readonly Turn[]): string =>
    JSON.stringify(turns.map(({ role, text, calls }) => [role, calls.length > 0 ? "" : text]));
  return told(written) === told(read)
    ? []
    : ["The dialogue is kept as one text, from which not every turn can be told again as it was."];
}
