/** From a name to where it is defined, and to everywhere it is used. */
import type { Location } from "vscode-languageserver";
import type { Session } from "../session.ts";
import { isInside, pathOf, uriOf } from "../uris.ts";
import { type Mention, mentionAt, mentionsOf, sameTarget } from "./mentions.ts";
import { OpenRecord } from "./openRecord.ts";
import { foldersAround, WorkspaceRecords } from "./workspaceRecords.ts";

export interface Place {
  textDocument: { uri: string };
  position: { line: number; character: number };
}

/** The record at a place, and the name that stands there. */
export function mentionUnder(
  session: Session,
  { textDocument: { uri }, position }: Place,
): { record: OpenRecord; mention: Mention } | undefined {
  const analysis = session.analysis(uri);
  const found = analysis && OpenRecord.at(analysis, position);
  const mention = found && mentionAt(found.record.view, found.offset);
  return found === undefined || mention === undefined ? undefined : { record: found.record, mention };
}

/** Where the tool or parameter is defined; nothing where it is not. */
export function definition(session: Session, place: Place): Location[] {
  const found = mentionUnder(session, place);
  if (found === undefined) return [];
  const { record, mention } = found;
  const { file } = record.view.frame.origin;
  const here = mentionsOf(record.view).find((one) => one.kind === "definition" && sameTarget(one, mention));
  if (here !== undefined) return [{ uri: uriOf(file), range: record.range(record.view.locate(here.ref)) }];
  for (const { sample } of record.view.samples()) {
    const scoped = record.view.scopeOf(sample).find(mention.toolName);
    if (scoped === undefined) continue;
    const { tool, origin } = scoped;
    const path = mention.parameter.flatMap((name) => ["properties", name]);
    const ref = path.length === 0 ? tool.nameRef : tool.schemaRef(path).key;
    return [{ uri: uriOf(origin.file), range: origin.locate(ref) }];
  }
  return [];
}

/** Locations shown for one name; beyond them a person searches by other means. */
const MOST_REFERENCES = 10_000;

export async function references(
  session: Session,
  folders: readonly string[],
  place: Place,
  { includeDeclaration }: { includeDeclaration: boolean },
  cancelled: () => boolean,
): Promise<Location[]> {
  const found = mentionUnder(session, place);
  if (found === undefined) return [];
  const { mention } = found;
  const workspace = await workspaceOf(session, folders, pathOf(place.textDocument.uri));
  const locations: Location[] = [];
  for (const file of workspace.files) {
    for await (const { view, range } of workspace.mentioning(file, mention.name)) {
      if (cancelled() || locations.length >= MOST_REFERENCES) return locations;
      for (const one of mentionsOf(view)) {
        if (!sameTarget(one, mention) || (one.kind === "definition" && !includeDeclaration)) continue;
        locations.push({ uri: uriOf(file), range: range(view.locate(one.ref)) });
      }
    }
  }
  return locations;
}

export function workspaceOf(session: Session, folders: readonly string[], file: string): Promise<WorkspaceRecords> {
  return WorkspaceRecords.open({
    folders: folders.some((folder) => isInside(file, folder)) ? folders : [...folders, ...foldersAround(file)],
    files: [file],
    limits: { length: session.settings.maxRecordLength, depth: session.settings.maxDepth },
    dialects: session.dialects,
    toolFiles: session.toolFiles,
    open: new Map([...session.analyses].map(([uri, analysis]) => [pathOf(uri), analysis])),
  });
}
