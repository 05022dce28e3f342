/** What is wrong, by its place: what training would refuse, and what the language server has found. */
import type { Finding, Path, ReadProblem } from "../../../schemas/replacementView.ts";
import type { Fault } from "../../controls/faults.ts";
import { isWithin } from "./paths.ts";

export interface PlacedFault extends Fault {
  path: Path;
  /** Whether it is about the key, and not about its value. */
  key: boolean;
}

export class Faults {
  /** By the card that they are in, so that none is compared with the places of all others. */
  readonly #byCard = new Map<string, PlacedFault[]>();
  readonly all: readonly PlacedFault[];

  constructor(problems: readonly ReadProblem[], findings: readonly Finding[]) {
    this.all = merged(problems, findings);
    for (const fault of this.all) {
      const card = cardOf(fault.path);
      this.#byCard.set(card, [...(this.#byCard.get(card) ?? []), fault]);
    }
  }

  /** @param deep all that lies within the place too */
  at(path: Path, deep = false): readonly PlacedFault[] {
    // What is wrong about a list as a whole is kept with no card.
    const near = path.length < 2 ? this.all : (this.#byCard.get(cardOf(path)) ?? []);
    return near.filter((fault) => isWithin(fault.path, path) && (deep || fault.path.length === path.length));
  }
}

/** What is wrong within a place and not within these members of it, which show it themselves. */
export const othersAt = (faults: Faults, path: Path, members: readonly string[]): readonly PlacedFault[] =>
  faults.at(path, true).filter((fault) => !members.includes(String(fault.path[path.length])));

/** Both say the same in the same words where they say the same: it is shown once, where it can be mended, with its rule. */
function merged(problems: readonly ReadProblem[], findings: readonly Finding[]): PlacedFault[] {
  const said = new Map<string, PlacedFault>();
  const idOf = (path: Path, sentence: string): string => `${cardOf(path)} ${sentence}`;
  for (const { path, sentence } of problems) {
    const fault: PlacedFault = { path, sentence, severity: "error", key: false };
    said.set(`${idOf(path, sentence)} ${JSON.stringify(path)}`, fault);
  }
  const known = new Map([...said.values()].map((fault) => [idOf(fault.path, fault.sentence), fault]));
  for (const { path, sentence, severity, rule, key } of findings) {
    const same = known.get(idOf(path, sentence));
    if (same) same.rule = rule;
    else said.set(`${idOf(path, sentence)} ${JSON.stringify(path)}`, { path, sentence, severity, rule, key });
  }
  return [...said.values()];
}

const cardOf = (path: Path): string => JSON.stringify(path.slice(0, 2));
