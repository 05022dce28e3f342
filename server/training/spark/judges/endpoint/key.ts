/** The key of an endpoint: where it comes from on the command line, what it may look like, and how it is kept out of every text. */
import { InputError } from "../../../../../schemas/problem.ts";

/**
 * The only variable a key is taken from. An experiment cannot name another: it could send whatever the environment holds to an address
 * of its choice.
 */
export const KEY_VARIABLE = "TOOLEXPANDER_JUDGE_KEY";

/** Takes the key out of an environment, so that no process that is started from here inherits it. */
export function takeKey(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const key = environment[KEY_VARIABLE]?.trim();
  delete environment[KEY_VARIABLE];
  return key === undefined || key === "" ? undefined : key;
}

/** What is wrong with a key, without showing any of it; undefined where nothing is. What cannot stand in a header would be quoted by fetch. */
export function keyFault(key: string): string | undefined {
  if (key.length > 4096) return "the judge's key has more than 4096 characters";
  if (!/^[\x21-\x7e]+$/.test(key)) return "the judge's key must be one word of ASCII characters without spaces";
  return undefined;
}

/** @throws InputError as keyFault says */
export function checkKey(key: string): string {
  const fault = keyFault(key);
  if (fault !== undefined) throw new InputError(`${fault}; give it again`);
  return key;
}

/** Shorter keys are no secrets, as the "none" that local endpoints are given, and taking them out would spoil answers. */
const SHORTEST_SECRET = 8;

/** The text without the key, whole or as JSON and addresses write it. */
export function withoutKey(text: string, key: string | undefined): string {
  if (key === undefined || key.length < SHORTEST_SECRET) return text;
  const forms = new Set([key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1)]);
  return [...forms].reduce((rest, form) => rest.replaceAll(form, "[key]"), text);
}
