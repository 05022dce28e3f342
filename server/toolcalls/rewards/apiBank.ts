/** How API-Bank reads the call out of a text (DAMO-ConvAI, api-bank/api_call_extraction.py): `[Name(key='value', …)]`. */

export interface ApiBankCall {
  name: string;
  /** Values as they are written, quotes left out. Of equal keys the last one counts. */
  parameters: Map<string, string>;
}

/** Greedy up to the last `)]` of a line; `\w` and `.` as Python has them. */
const CALL = /\[([\p{L}\p{N}_]+)\(([^\n]*)\)\]/u;

const word = "[\\p{L}\\p{N}_]+";
const space = "\\s*";
const PARAMETER = new RegExp(
  `(${word})${space}=${space}['"]([^\\n]+?)['"]|(${word})${space}=${space}(\\[[^\\n]*\\])|(${word})${space}=${space}(${word})`,
  "gu",
);

/** The call as it stands in the text (`get_api_call`). */
export const apiBankCallText = (text: string): string | undefined => CALL.exec(text)?.[0];

/** The call that the text holds (`parse_api_call`); undefined where the original raises, since there is none. */
export function apiBankCall(text: string): ApiBankCall | undefined {
  const match = CALL.exec(text);
  if (match === null) return undefined;
  const [, name = "", list = ""] = match;
  const parameters = new Map<string, string>();
  for (const [, quoted, value, listed, items, bare, plain] of list.matchAll(PARAMETER)) {
    parameters.set(quoted ?? listed ?? bare ?? "", value ?? items ?? plain ?? "");
  }
  return { name, parameters };
}
