/** Options that several commands have, and the readers of what stands behind options. */
import { InvalidArgumentError, Option } from "commander";
import { DEVICE_CHOICES } from "../../schemas/experiment.ts";
import { isProfileId, PROFILE_IDS, type ProfileId } from "../language/analysis/profiles.ts";
import { ALLOWED_FOLDERS } from "../toolcalls/project.ts";

export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

export function fraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1) || text.trim() === "")
    throw new InvalidArgumentError("It must be a number from 0 to below 1.");
  return value;
}

export const json = (): Option => new Option("--json", "print JSON, one object on each line");
export const runs = (): Option =>
  new Option("--runs <dir>", "folder of the runs (default: runs, and examples/quickstart/runs)");
export const device = (): Option =>
  new Option("--device <name>", "what computes; auto tests what is there and takes the best").choices(DEVICE_CHOICES);
export const threads = (): Option =>
  new Option("--threads <n>", "threads of the CPU device").argParser(integer(1, 1024));
export const allow = (): Option =>
  new Option(
    "--allow <dir>",
    `folder that the experiment may name files of, besides its own project; may be given more than once (${ALLOWED_FOLDERS} names some for all)`,
  ).argParser((dir: string, before: string[] = []) => [...before, dir]);
export const seed = (description = "seed of everything random"): Option =>
  new Option("--seed <n>", description).argParser(integer(0, 2 ** 32 - 1));
export const detach = (): Option => new Option("--detach", "return at once; the run goes on in the background");

const SEVERITIES = ["error", "warning", "information", "hint", "off"];

export function ruleSeverity(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, id = "", severity = ""] = /^([a-z0-9-]+)=(\w+)$/.exec(text) ?? [];
  if (!SEVERITIES.includes(severity)) {
    throw new InvalidArgumentError(`It must be a rule, "=", and one of ${SEVERITIES.join(", ")}.`);
  }
  return { ...before, [id]: severity };
}

export function profileName(text: string, before: ProfileId[] = []): ProfileId[] {
  if (!isProfileId(text)) throw new InvalidArgumentError(`It must be one of ${PROFILE_IDS.join(", ")}.`);
  return [...before, text];
}
