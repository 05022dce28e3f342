/** Another name for a tool or a parameter, in the records that use it. */
import { basename } from "node:path";
import { isPythonName } from "../../toolcalls/dialects/pythonCalls.ts";
import { plain } from "../../toolcalls/display.ts";
import { isWholeText } from "../records/wholeText.ts";
import { isCatalogTool, type Mention, mentionsOf, sameTarget } from "./mentions.ts";
import type { RecordEdit } from "./recordEdits.ts";
import type { RecordView } from "./recordView.ts";
import { encodeText } from "./textLevel.ts";
import type { WorkspaceRecord, WorkspaceRecords } from "./workspaceRecords.ts";

/** One sentence for a person: why a name is not changed, and what to do. */
export class RenameRefusal extends Error {}

const TOOL_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: names with control characters are what is refused
const UNREADABLE = /[\u0000-\u001f\u007f]/;

/**
 * Records of a file that name the target, with the edits that rename it there.
 * @throws RenameRefusal where the new name is taken, or a name is written in a way that cannot be edited
 */
export async function* renamedRecords(
  workspace: WorkspaceRecords,
  file: string,
  target: Mention,
  newName: string,
): AsyncGenerator<WorkspaceRecord & { edits: RecordEdit[] }> {
  for await (const record of workspace.mentioning(file, target.toolName)) {
    const mentions = mentionsOf(record.view);
    const named = mentions.filter((one) => sameTarget(one, target));
    if (named.length === 0) continue;
    const where = `${basename(file)}, line ${record.range({ start: 0, end: 0 }).start.line + 1}`;
    if (collides(workspace, record, mentions, target, newName))
      throw new RenameRefusal(
        `"${plain(newName)}" is already used beside "${plain(target.name)}" in ${where}; choose another name.`,
      );
    if (named.some(isBare) && !isPythonName(newName))
      throw new RenameRefusal(`"${plain(newName)}" cannot be written in the text of ${where}; choose another name.`);
    const edits = named.map((one): RecordEdit => {
      const written = writtenName(record.view, one);
      if (written === undefined)
        throw new RenameRefusal(
          `"${plain(target.name)}" is written in a way that cannot be edited in ${where}; rename it there by hand.`,
        );
      return { ...written, text: encodeText(quoteless(newName, one), depthOf(record.view, one)) };
    });
    yield { ...record, edits: distinct(edits) };
  }
}

/** Where the name itself stands, without quotes; undefined where something else stands there. */
export function writtenName(view: RecordView, mention: Mention): { start: number; end: number } | undefined {
  const { start, end } = view.locate(mention.ref);
  const source = view.text.slice(start, end);
  const quotes = (isBare(mention) ? ['"', "'"] : ['"']).map((quote) => encodeText(quote, depthOf(view, mention)));
  const quote = quotes.find((one) => source.length >= 2 * one.length && source.startsWith(one) && source.endsWith(one));
  const quoted = quote !== undefined;
  const inner = quoted ? source.slice(quote.length, -quote.length) : source;
  // Inside quotes one more level of escapes counts.
  if (decoded(inner, depthOf(view, mention) + (quoted ? 1 : 0)) !== mention.name) return undefined;
  return quoted ? { start: start + quote.length, end: end - quote.length } : { start, end };
}

function decoded(source: string, depth: number): string | undefined {
  let text = source;
  for (let level = 0; level < depth; level++) {
    try {
      text = String(JSON.parse(`"${text}"`));
    } catch {
      return undefined;
    }
  }
  return text;
}

/** Strings around the place. */
const depthOf = (view: RecordView, { ref }: Mention): number =>
  ref.steps().filter((step) => typeof step === "object").length - (isWholeText(view.text) ? 1 : 0);

/** A part of a text, as the names in Python's calls are. */
const isBare = ({ ref }: Mention): boolean => typeof ref.step === "object";

/** A name inside quotes is encoded once more than the text around it. */
const quoteless = (name: string, mention: Mention): string =>
  isBare(mention) ? name : JSON.stringify(name).slice(1, -1);

function distinct(edits: readonly RecordEdit[]): RecordEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.start}:${edit.end}`, edit])).values()];
}

export function nameFault({ parameter }: Mention, newName: string): string | undefined {
  if (newName === "") return "A name must not be empty.";
  if (parameter.length > 0)
    return UNREADABLE.test(newName) || newName.length > 256
      ? "A parameter's name is at most 256 characters long and has no control characters."
      : undefined;
  return TOOL_NAME.test(newName)
    ? undefined
    : `"${plain(newName)}" is no name for a tool; use 1 to 64 letters, digits, underscores, hyphens and dots.`;
}

/** Whether another tool or parameter of the new name stands where both would be meant. */
function collides(
  workspace: WorkspaceRecords,
  { file, view }: WorkspaceRecord,
  mentions: readonly Mention[],
  target: Mention,
  newName: string,
): boolean {
  if (target.parameter.length > 0) {
    const siblings = [...target.parameter.slice(0, -1), newName];
    return mentions.some((one) => sameTarget(one, { ...target, parameter: siblings }));
  }
  if (
    mentions.some(({ parameter, toolName, kind }) => parameter.length === 0 && kind !== "call" && toolName === newName)
  )
    return true;
  const inRecords = view.samples().some(({ sample }) => {
    const carried = sample.offer.kind === "own" || sample.offer.kind === "twin";
    return carried && view.scopeOf(sample).find(newName) !== undefined;
  });
  return inRecords || (isCatalogTool(target) && workspace.scopeOfFile(file).find(newName) !== undefined);
}
